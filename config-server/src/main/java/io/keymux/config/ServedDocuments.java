package io.keymux.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.config.environment.Environment;
import org.springframework.cloud.config.environment.PropertySource;
import org.springframework.cloud.config.environment.PropertyValueDescriptor;
import org.springframework.cloud.config.server.environment.EnvironmentRepository;
import org.springframework.cloud.config.server.environment.InvalidEnvironmentRequestException;
import org.springframework.cloud.config.server.environment.NoSuchLabelException;
import org.springframework.cloud.config.server.environment.SearchPathCompositeEnvironmentRepository;
import org.springframework.dao.DataAccessException;

/** Everything that is served: whole, readable and decrypted, or refused. */
class ServedDocuments extends SearchPathCompositeEnvironmentRepository {

	/** The application whose document the gateways ask for. */
	static final String GATEWAY = "keymux-gateway";

	private static final Pattern FILE = Pattern.compile("[^/\\\\\\[]+\\.(ya?ml|properties)");

	private static final Log logger = LogFactory.getLog(ServedDocuments.class);

	private final Decryption decryption;

	ServedDocuments(List<EnvironmentRepository> backends, ObservationRegistry observations, Decryption decryption) {
		super(backends, observations, true);
		this.decryption = decryption;
	}

	@Override
	public Environment findOne(String application, @Nullable String profile, @Nullable String label) {
		return findOne(application, profile, label, false);
	}

	@Override
	public Environment findOne(String application, @Nullable String profile, @Nullable String label,
			boolean includeOrigin) {
		Environment read = read(application, profile, label);
		Environment served = new Environment(read);
		for (PropertySource source : read.getPropertySources()) {
			served.add(new PropertySource(source.getName(), content(source, includeOrigin)));
		}
		return served;
	}

	private Environment read(String application, @Nullable String profile, @Nullable String label) {
		try {
			return super.findOne(application, profile, label, true);
		}
		catch (InvalidEnvironmentRequestException | DocumentRefused ex) {
			throw ex;
		}
		catch (DataAccessException ex) {
			logger.debug("The rows cannot be read", ex);
			throw DocumentRefused.unavailable("The table of settings cannot be read; is the database up, and has a"
					+ " gateway created its tables?");
		}
		catch (NoSuchLabelException _) {
			throw DocumentRefused.unavailable("The repository has no label '%s'".formatted(label));
		}
		catch (RuntimeException ex) {
			throw explain(ex, application, profile, label);
		}
	}

	private DocumentRefused explain(RuntimeException failure, String application, @Nullable String profile,
			@Nullable String label) {
		try {
			String[] locations = getLocations(application, profile, label).getLocations();
			List<String> broken = BrokenFiles.in(locations, application);
			if (!broken.isEmpty()) {
				return DocumentRefused.invalid(String.join("; ", broken));
			}
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
		logger.debug("The files cannot be read", failure);
		return DocumentRefused
			.unavailable("The files cannot be read (%s)".formatted(failure.getClass().getSimpleName()));
	}

	private Map<Object, Object> content(PropertySource source, boolean includeOrigin) {
		boolean row = isRows(source);
		Map<Object, Object> content = new LinkedHashMap<>();
		source.getSource().forEach((name, value) -> {
			String place = place(source, name, value);
			Object plain = (value instanceof PropertyValueDescriptor described) ? described.getValue() : value;
			DocumentCheck.check(name.toString(), plain, row, place);
			Object opened = this.decryption.open(plain, place);
			boolean described = includeOrigin && value instanceof PropertyValueDescriptor;
			content.put(name, described
					? new PropertyValueDescriptor(opened, ((PropertyValueDescriptor) value).getOrigin()) : opened);
		});
		return content;
	}

	private static boolean isRows(PropertySource source) {
		return source.getName().equals(SettingRows.NAME);
	}

	/** Such as {@code keymux.settings.max-attempts (application.yaml line 3)}. */
	private static String place(PropertySource source, Object name, Object value) {
		if (isRows(source)) {
			return name + " (table of settings)";
		}
		Matcher matcher = FILE.matcher(source.getName());
		String file = matcher.find() ? matcher.group() : source.getName();
		String line = (value instanceof PropertyValueDescriptor described)
				? " line " + described.getOrigin().split(":", 2)[0] : "";
		return "%s (%s%s)".formatted(name, file, line);
	}

}
