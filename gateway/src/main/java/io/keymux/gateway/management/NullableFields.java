package io.keymux.gateway.management;

import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * Lets the OpenAPI document say of records what the compiler checks: which fields may be
 * null, and that the others are always there.
 */
@Component
class NullableFields implements ModelConverter {

	@Override
	public @Nullable Schema<?> resolve(AnnotatedType type, ModelConverterContext context,
			Iterator<ModelConverter> chain) {
		if (!chain.hasNext()) {
			return null;
		}
		Schema<?> schema = chain.next().resolve(type, context, chain);
		JavaType java = Json31.mapper().constructType(type.getType());
		if (schema != null && java != null && java.isRecordType()) {
			Schema<?> model = model(schema, context);
			if (model != null && model.getProperties() != null) {
				mark(model, java.getRawClass().getRecordComponents());
			}
		}
		return schema;
	}

	private static @Nullable Schema<?> model(Schema<?> schema, ModelConverterContext context) {
		String reference = schema.get$ref();
		if (reference == null) {
			return schema;
		}
		return context.getDefinedModels().get(reference.substring(reference.lastIndexOf('/') + 1));
	}

	@SuppressWarnings("rawtypes")
	private static void mark(Schema<?> model, RecordComponent[] components) {
		Map<String, Schema> properties = model.getProperties();
		for (RecordComponent component : components) {
			Schema<?> property = properties.get(component.getName());
			if (property == null) {
				continue;
			}
			if (component.getType() == JsonNode.class) {
				properties.put(component.getName(), anything(property.getName()));
			}
			else if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
				properties.put(component.getName(), nullable(property));
			}
			else if (model.getRequired() == null || !model.getRequired().contains(component.getName())) {
				model.addRequiredItem(component.getName());
			}
		}
	}

	private static Schema<?> anything(String name) {
		Schema<?> anything = new Schema<>();
		anything.setName(name);
		return anything;
	}

	private static Schema<?> nullable(Schema<?> property) {
		if (property.get$ref() != null) {
			Schema<?> either = new Schema<>().anyOf(List.of(property, new Schema<>().types(Set.of("null"))));
			either.setName(property.getName());
			return either;
		}
		if (property.getTypes() != null) {
			property.addType("null");
			List<?> values = property.getEnum();
			if (values != null && !values.contains(null)) {
				property.addEnumItemObject(null);
			}
		}
		return property;
	}

}
