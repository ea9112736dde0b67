// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An event's data: bytes and what they are. Immutable; equal when content type and bytes are. */
public final class Data {
    /** The content type of JSON text in UTF-8. */
    public static final String JSON = "application/json";

    /** The content type of bytes of unknown meaning. */
    public static final String BINARY = "application/octet-stream";

    private final byte[] bytes;
    private final String contentType;

    private Data(byte[] bytes, String contentType) {
        if (bytes.length > Limits.DATA_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "data is " + bytes.length + " bytes; the limit is " + Limits.DATA_BYTES_MAX);
        }
        this.bytes = bytes;
        this.contentType = contentType.equals(JSON)
                ? JSON
                : Text.check("content type", contentType, Limits.CONTENT_TYPE_BYTES_MAX);
    }

    /**
     * Returns data that is a copy of {@code bytes}.
     *
     * @throws IllegalArgumentException if there are more than {@link Limits#DATA_BYTES_MAX}
     */
    public static Data of(byte[] bytes, String contentType) {
        return new Data(bytes.clone(), contentType);
    }

    /** Returns data that is a copy of what remains in {@code bytes}, whose position does not change. */
    public static Data copyOf(ByteBuffer bytes, String contentType) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return new Data(copy, contentType);
    }

    /** Returns the UTF-8 bytes of {@code json}, whose syntax is not checked, as {@link #JSON}. */
    public static Data json(String json) {
        return new Data(json.getBytes(StandardCharsets.UTF_8), JSON);
    }

    /** Returns the number of bytes. */
    public int size() {
        return bytes.length;
    }

    /** Returns a copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Returns a read-only view of the bytes, without a copy. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** Returns the bytes as UTF-8 text; malformed bytes become replacement characters. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns what the bytes are, a media type such as {@link #JSON}. */
    public String contentType() {
        return contentType;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Data data && contentType.equals(data.contentType) && Arrays.equals(bytes, data.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * contentType.hashCode() + Arrays.hashCode(bytes);
    }

    /** Returns content type and size, never the content: data may be personal. */
    @Override
    public String toString() {
        return contentType + "[" + bytes.length + " bytes]";
    }
}
