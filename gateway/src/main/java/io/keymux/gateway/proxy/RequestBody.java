package io.keymux.gateway.proxy;

import io.keymux.gateway.body.JsonScan.Container;
import io.keymux.gateway.body.JsonScan.Span;
import io.keymux.gateway.body.JsonScan;
import io.keymux.gateway.body.MultipartScan;
import org.jspecify.annotations.Nullable;

/** A request's body: nothing, bytes at hand, or bytes that pass through once. */
sealed interface RequestBody {

	ExchangeKey<RequestBody> KEY = ExchangeKey.of(RequestBody.class);

	/** Whether another attempt can send it again. */
	default boolean repeatable() {
		return true;
	}

	/** What the body tells of itself, as far as it can be read. */
	default Reading read() {
		return Reading.NOTHING;
	}

	/** Where the body names the model, or null if it does not, or cannot be read. */
	default @Nullable ModelPlace model() {
		return read().model();
	}

	/** No body. */
	record None() implements RequestBody {
	}

	/**
	 * Bytes that pass through as they arrive.
	 *
	 * @param maxSize setting max-upload-size, in bytes
	 */
	record Streamed(long maxSize) implements RequestBody {

		@Override
		public boolean repeatable() {
			return false;
		}

	}

	/**
	 * A JSON body, or another one that is small and needs no reading.
	 *
	 * @param bytes the body
	 * @param json whether it may be read and edited as JSON
	 */
	record Held(byte[] bytes, boolean json) implements RequestBody {

		@Override
		public Reading read() {
			Container object = this.json ? JsonScan.object(this.bytes) : null;
			if (object == null) {
				return Reading.NOTHING;
			}
			Span value = object.find(this.bytes, "model");
			String name = (value != null) ? JsonScan.string(this.bytes, value) : null;
			Span stream = object.find(this.bytes, "stream");
			return new Reading((value != null && name != null) ? new ModelPlace(name, value) : null,
					stream != null && this.bytes[stream.start()] == 't');
		}

	}

	/**
	 * A multipart body that is held because a rule looks at its model.
	 *
	 * @param bytes the body
	 * @param boundary boundary of its parts
	 */
	record HeldMultipart(byte[] bytes, String boundary) implements RequestBody {

		@Override
		public Reading read() {
			Span value = MultipartScan.find(this.bytes, this.boundary, "model");
			return (value == null) ? Reading.NOTHING : new Reading(new ModelPlace(new String(this.bytes, value.start(),
					value.end() - value.start(), java.nio.charset.StandardCharsets.UTF_8)
				.strip(), value), false);
		}

	}

	/**
	 * What a body tells of itself.
	 *
	 * @param model model it names, or null
	 * @param stream whether it asks for a stream
	 */
	record Reading(@Nullable ModelPlace model, boolean stream) {

		static final Reading NOTHING = new Reading(null, false);

	}

	/**
	 * A model named by a body.
	 *
	 * @param name its name
	 * @param place where the value stands in the bytes
	 */
	record ModelPlace(String name, Span place) {
	}

}
