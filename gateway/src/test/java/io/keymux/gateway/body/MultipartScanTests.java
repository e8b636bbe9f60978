package io.keymux.gateway.body;

import java.nio.charset.StandardCharsets;

import io.keymux.gateway.body.JsonScan.Span;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MultipartScanTests {

	private static final String BODY = "preamble\r\n--xx\r\nContent-Disposition: form-data; name=\"file\"; "
			+ "filename=\"model\"\r\nContent-Type: audio/mpeg\r\n\r\n--x\r\n\r\nname=\"model\"\r\n"
			+ "--xx\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n"
			+ "--xx\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--xx--\r\n";

	@Test
	void findsAFieldByItsName() {
		assertThat(find("model")).isEqualTo("whisper-1");
		assertThat(find("empty")).isEmpty();
		assertThat(find("file")).isEqualTo("--x\r\n\r\nname=\"model\"");
	}

	@Test
	void knowsWhatIsNotThere() {
		assertThat(find("prompt")).isNull();
		assertThat(MultipartScan.find("no parts".getBytes(StandardCharsets.UTF_8), "xx", "model")).isNull();
	}

	@Test
	void readsTheBoundaryOfAContentType() {
		assertThat(MultipartScan.boundary("multipart/form-data; boundary=xx")).isEqualTo("xx");
		assertThat(MultipartScan.boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b;c\"")).isEqualTo("a b;c");
		assertThat(MultipartScan.boundary("multipart/form-data; boundary=xx; charset=utf-8")).isEqualTo("xx");
		assertThat(MultipartScan.boundary("application/json; boundary=xx")).isNull();
		assertThat(MultipartScan.boundary("multipart/form-data")).isNull();
	}

	private static @Nullable String find(String field) {
		byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
		Span span = MultipartScan.find(body, "xx", field);
		return (span == null) ? null
				: new String(body, span.start(), span.end() - span.start(), StandardCharsets.UTF_8);
	}

}
