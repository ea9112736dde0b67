// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

/**
 * The name of a stream: {@code category-rest}, such as {@code order-123}. Names that differ only in case are different
 * streams. Immutable.
 *
 * @param value 1 to {@link Limits#STREAM_BYTES_MAX} bytes of UTF-8, without NUL or unpaired surrogates
 */
public record StreamId(String value) implements Comparable<StreamId> {
    private static final char SEPARATOR = '-';

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if {@code value} is empty, too long or not well-formed text
     */
    public StreamId {
        Text.check("stream id", value, Limits.STREAM_BYTES_MAX);
    }

    /** Returns the stream named {@code value}. */
    public static StreamId of(String value) {
        return new StreamId(value);
    }

    /** Returns the stream {@code category-id}; {@code category} must not contain {@code '-'}. */
    public static StreamId of(String category, String id) {
        if (category.indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException("a category ends at the first '-': " + Text.shown(category));
        }
        return new StreamId(category + SEPARATOR + id);
    }

    /** Returns the text before the first {@code '-'}; the whole name where there is none. */
    public String category() {
        int end = value.indexOf(SEPARATOR);
        return end < 0 ? value : value.substring(0, end);
    }

    @Override
    public int compareTo(StreamId other) {
        return value.compareTo(other.value);
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return value;
    }
}
