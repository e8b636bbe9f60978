package io.keymux.gateway.testkit;

import java.util.List;

/**
 * One header line, as it stood on the wire.
 *
 * @param name name with its case
 * @param value value without surrounding blanks
 */
public record Header(String name, String value) {

	/**
	 * The values of a header, in order.
	 * @param headers header lines
	 * @param name name in any case
	 * @return all its values
	 */
	public static List<String> values(List<Header> headers, String name) {
		return headers.stream().filter((header) -> header.name().equalsIgnoreCase(name)).map(Header::value).toList();
	}

}
