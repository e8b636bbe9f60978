package io.keymux.gateway.management;

import java.math.BigDecimal;
import java.net.URI;
import java.time.LocalDate;

import io.keymux.gateway.audit.Actor;
import io.keymux.gateway.document.Documents;
import io.keymux.gateway.document.PriceBody;
import io.keymux.gateway.price.ListedPrice;
import io.keymux.gateway.price.Price;
import io.keymux.gateway.price.PriceList;
import io.keymux.gateway.price.StoredPrice;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Prices over HTTP: all can be read, those an operator has set can be changed. */
@Tag(name = "Prices")
@RestController
@RequestMapping(path = "/api/prices", produces = MediaType.APPLICATION_JSON_VALUE)
class PriceController {

	private final PriceList prices;

	private final Documents documents;

	PriceController(PriceList prices, Documents documents) {
		this.prices = prices;
		this.documents = documents;
	}

	@Operation(summary = "Lists the prices, those operators have set before shipped ones",
			description = "In US dollars per million tokens. With model: only prices that fit this model.")
	@GetMapping
	Page<Shown> list(@RequestParam(required = false) @Nullable String provider,
			@RequestParam(required = false) @Nullable String model, @RequestParam(defaultValue = Page.FIRST) int page,
			@RequestParam(defaultValue = Page.SIZE) int size) {
		return Page.of(this.prices.list(provider, model), page, size, Shown::of);
	}

	@Operation(summary = "Adds a price, which wins over shipped ones from its first day on")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(schema = @Schema(implementation = PriceBody.class)))
	@ResponseStatus(HttpStatus.CREATED)
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Shown> create(Actor actor, @RequestBody JsonNode body) {
		StoredPrice stored = this.prices.create(actor, this.documents.read(body, PriceBody.class).price());
		return answer(ResponseEntity.created(URI.create("/api/prices/" + stored.id())), stored);
	}

	@Operation(summary = "Shows a price an operator has set")
	@GetMapping("/{id}")
	ResponseEntity<Shown> get(@PathVariable long id) {
		return answer(ResponseEntity.ok(), this.prices.get(id));
	}

	@Operation(summary = "Merges changes into a price (RFC 7386)",
			description = "What requests have cost stays as it was counted.")
	@io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
			content = @Content(schema = @Schema(implementation = PriceBody.class)))
	@PatchMapping(path = "/{id}", consumes = { MediaType.APPLICATION_JSON_VALUE, Documents.MERGE_PATCH })
	ResponseEntity<Shown> merge(Actor actor, @PathVariable long id,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
			@RequestBody JsonNode patch) {
		return answer(ResponseEntity.ok(), this.prices.update(actor, id, Versions.expected(ifMatch),
				(price) -> this.documents.merge(PriceBody.of(price), patch, PriceBody.class).price()));
	}

	@Operation(summary = "Deletes a price")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	@DeleteMapping("/{id}")
	void delete(Actor actor, @PathVariable long id,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
		this.prices.delete(actor, id, Versions.expected(ifMatch));
	}

	private static ResponseEntity<Shown> answer(ResponseEntity.BodyBuilder builder, StoredPrice stored) {
		return builder.eTag(Versions.tag(stored.version()))
			.body(Shown.of(new ListedPrice(stored.id(), stored.price())));
	}

	/** A price as the API shows it; shipped ones have no id. */
	@Schema(name = "Price")
	record Shown(@Nullable Long id, boolean shipped, String provider, String model, @Nullable LocalDate validFrom,
			BigDecimal input, @Nullable BigDecimal cachedInput, @Nullable BigDecimal cacheWrite,
			@Nullable BigDecimal output, @Nullable BigDecimal reasoning, @Nullable String source) {

		static Shown of(ListedPrice listed) {
			Price price = listed.price();
			return new Shown(listed.id(), listed.id() == null, price.provider(), price.model(),
					price.validFrom().equals(Price.ALWAYS) ? null : price.validFrom(), price.input(),
					price.cachedInput(), price.cacheWrite(), price.output(), price.reasoning(), price.source());
		}

	}

}
