// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A message as the headers of a CloudEvent in binary mode. Source: CloudEvents 1.0.2, HTTP protocol binding, 3.1:
 * values are percent-encoded but for printable ASCII without space, quote and percent sign, so none can end its line.
 */
final class CloudEventHeaders {
    private static final Set<String> TAKEN =
            Set.of("id", "source", "type", "specversion", "time", "subject", "datacontenttype", "dataschema", "data");

    private CloudEventHeaders() {}

    /**
     * Returns the headers of {@code published}.
     *
     * @throws DeliveryException.Rejected if a header of the message cannot be an attribute
     */
    static Map<String, String> of(PublishedMessage published, String source) {
        OutboxMessage message = published.message();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce-specversion", "1.0");
        headers.put("ce-id", message.id().toString());
        headers.put("ce-source", encoded(source));
        headers.put("ce-type", encoded(message.type()));
        headers.put("ce-time", published.publishedAt().toString());
        headers.put("ce-subject", encoded(message.key()));
        headers.put("content-type", contentType(message.data().contentType()));
        message.headers().forEach((name, value) -> {
            String attribute = attribute(name);
            if (TAKEN.contains(attribute) || headers.put("ce-" + attribute, encoded(value)) != null) {
                throw new DeliveryException.Rejected(
                        "two attributes would be called " + attribute + "; give the message's header another name",
                        null);
            }
        });
        return headers;
    }

    private static String attribute(String name) {
        String attribute = name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
        if (!attribute.matches("[a-z0-9]+")) {
            throw new DeliveryException.Rejected(
                    "a header's name has letters and digits, dashes, dots and underscores only, to be a CloudEvents"
                            + " attribute; one of the message's has others",
                    null);
        }
        return attribute;
    }

    /** A content type is a header of HTTP's own and is not encoded. */
    private static String contentType(String type) {
        if (!type.matches("[\\x20-\\x7e]+")) {
            throw new DeliveryException.Rejected("the content type has characters that no HTTP header may have", null);
        }
        return type;
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            if (one > ' ' && one < 0x7f && one != '"' && one != '%') {
                encoded.append((char) one);
            } else {
                encoded.append(String.format("%%%02X", one & 0xff));
            }
        }
        return encoded.toString();
    }
}
