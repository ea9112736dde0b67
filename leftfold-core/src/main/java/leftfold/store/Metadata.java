// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why an event is there, and who is behind it. Immutable; headers keep their order.
 *
 * @param causationId the id of the command or event that caused this event
 * @param correlationId the id shared by everything that one request set off
 * @param actor the person or system on whose behalf it happened
 * @param producer {@code name@version} of the code that decided
 * @param headers anything else
 */
public record Metadata(
        @Nullable String causationId,
        @Nullable String correlationId,
        @Nullable String actor,
        @Nullable String producer,
        Map<String, String> headers) {
    private static final Metadata NONE = new Metadata(null, null, null, null, Map.of());

    /**
     * Copies the headers and checks the size.
     *
     * @throws IllegalArgumentException if a text is not well formed, a header's name is empty, or the whole is larger
     *     than {@link Limits#METADATA_BYTES_MAX}
     */
    public Metadata {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        long bytes = bytes("causationId", causationId)
                + bytes("correlationId", correlationId)
                + bytes("actor", actor)
                + bytes("producer", producer);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().isEmpty()) {
                throw new IllegalArgumentException("a header's name is empty");
            }
            bytes += bytes("header name", header.getKey()) + bytes("header", header.getValue());
        }
        if (bytes > Limits.METADATA_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "metadata is " + bytes + " bytes in UTF-8; the limit is " + Limits.METADATA_BYTES_MAX);
        }
    }

    /** Returns metadata that says nothing. */
    public static Metadata none() {
        return NONE;
    }

    /** Returns the number of characters in it. */
    long size() {
        long size = length(causationId) + length(correlationId) + length(actor) + length(producer);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            size += header.getKey().length() + header.getValue().length();
        }
        return size;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Returns the same with this causation. */
    public Metadata withCausationId(@Nullable String id) {
        return new Metadata(id, correlationId, actor, producer, headers);
    }

    /** Returns the same with this correlation. */
    public Metadata withCorrelationId(@Nullable String id) {
        return new Metadata(causationId, id, actor, producer, headers);
    }

    /** Returns the same with this actor. */
    public Metadata withActor(@Nullable String who) {
        return new Metadata(causationId, correlationId, who, producer, headers);
    }

    /** Returns the same with this producer. */
    public Metadata withProducer(@Nullable String nameAtVersion) {
        return new Metadata(causationId, correlationId, actor, nameAtVersion, headers);
    }

    /** Returns the same with one header added or replaced. */
    public Metadata withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Metadata(causationId, correlationId, actor, producer, more);
    }

    private static long bytes(String what, @Nullable String text) {
        return text == null ? 0 : Text.utf8Bytes(what, text);
    }
}
