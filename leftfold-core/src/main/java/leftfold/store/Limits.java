// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

/** The sizes that every store accepts. What is larger is refused at the door with {@link IllegalArgumentException}. */
public final class Limits {
    /** The longest stream id, in bytes of UTF-8. */
    public static final int STREAM_BYTES_MAX = 1_024;

    /** The longest event type, in bytes of UTF-8. */
    public static final int TYPE_BYTES_MAX = 256;

    /** The longest content type, in bytes of UTF-8. */
    public static final int CONTENT_TYPE_BYTES_MAX = 128;

    /** The longest tag, key and colon and value together, in bytes of UTF-8. */
    public static final int TAG_BYTES_MAX = 512;

    /** The most tags on one event. */
    public static final int TAGS_MAX = 64;

    /** The most metadata of one event, all keys and values together, in bytes of UTF-8. */
    public static final int METADATA_BYTES_MAX = 32 * 1_024;

    /** The largest data of one event, in bytes: 16 MiB. */
    public static final int DATA_BYTES_MAX = 16 * 1_024 * 1_024;

    /** The most events in one append, over all its streams. */
    public static final int APPEND_EVENTS_MAX = 16_384;

    /** The most data, metadata and tags in one append, over all its events: 64 MiB; a character counts as a byte. */
    public static final long APPEND_BYTES_MAX = 64L * 1_024 * 1_024;

    private Limits() {}
}
