// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

/**
 * A {@code key:value} on an event, indexed, for reads and conditions that cut across streams. Immutable.
 *
 * @param key not empty, without {@code ':'}
 * @param value may be empty; may contain {@code ':'}
 */
public record Tag(String key, String value) implements Comparable<Tag> {
    private static final char SEPARATOR = ':';

    /**
     * Checks the tag.
     *
     * @throws IllegalArgumentException if {@code key} is empty or has a colon, or the tag is longer than
     *     {@link Limits#TAG_BYTES_MAX}
     */
    public Tag {
        if (key.indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException("a tag's key has no ':': " + Text.shown(key));
        }
        Text.check("tag key", key, Limits.TAG_BYTES_MAX);
        Text.check("tag", key + SEPARATOR + value, Limits.TAG_BYTES_MAX);
    }

    /** Returns the tag {@code key:value}. */
    public static Tag of(String key, String value) {
        return new Tag(key, value);
    }

    /**
     * Returns the tag written as {@code key:value}, split at the first colon.
     *
     * @throws IllegalArgumentException if there is no colon
     */
    public static Tag parse(String text) {
        int end = text.indexOf(SEPARATOR);
        if (end < 0) {
            throw new IllegalArgumentException("a tag is written key:value, not '" + Text.shown(text) + "'");
        }
        return new Tag(text.substring(0, end), text.substring(end + 1));
    }

    @Override
    public int compareTo(Tag other) {
        return toString().compareTo(other.toString());
    }

    /** Returns {@code key:value}. */
    @Override
    public String toString() {
        return key + SEPARATOR + value;
    }
}
