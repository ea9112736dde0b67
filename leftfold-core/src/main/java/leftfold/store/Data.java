// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** An event's data: bytes and what they are. Immutable; equal when content type and bytes are. */
public final class Data {
    /** The content type of JSON text in UTF-8. */
    public static final String JSON = "application/json";

    /** The content type of bytes of unknown meaning. */
    public static final String BINARY = "application/octet-stream";

    private final byte[] bytes;
    private final int offset;
    private final int size;
    private final String contentType;

    private Data(byte[] bytes, int offset, int size, String contentType) {
        if (size > Limits.DATA_BYTES_MAX) {
            throw new IllegalArgumentException("data is " + size + " bytes; the limit is " + Limits.DATA_BYTES_MAX);
        }
        this.bytes = bytes;
        this.offset = offset;
        this.size = size;
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
        return new Data(bytes.clone(), 0, bytes.length, contentType);
    }

    /**
     * Returns data that is the {@code size} bytes from {@code offset} on, without a copy: nobody may change them from
     * now on. For stores.
     *
     * @throws IllegalArgumentException if there are more than {@link Limits#DATA_BYTES_MAX}
     * @throws IndexOutOfBoundsException if they do not lie in {@code bytes}
     */
    public static Data wrap(byte[] bytes, int offset, int size, String contentType) {
        Objects.checkFromIndexSize(offset, size, bytes.length);
        return new Data(bytes, offset, size, contentType);
    }

    /** Returns the UTF-8 bytes of {@code json}, whose syntax is not checked, as {@link #JSON}. */
    public static Data json(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new Data(bytes, 0, bytes.length, JSON);
    }

    /** Returns the number of bytes. */
    public int size() {
        return size;
    }

    /** Returns a copy of the bytes. */
    public byte[] bytes() {
        return Arrays.copyOfRange(bytes, offset, offset + size);
    }

    /** Returns a read-only view of the bytes, without a copy. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes, offset, size).slice().asReadOnlyBuffer();
    }

    /** Returns the bytes as UTF-8 text; malformed bytes become replacement characters. */
    public String text() {
        return new String(bytes, offset, size, StandardCharsets.UTF_8);
    }

    /** Returns what the bytes are, a media type such as {@link #JSON}. */
    public String contentType() {
        return contentType;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Data data
                && contentType.equals(data.contentType)
                && Arrays.equals(bytes, offset, offset + size, data.bytes, data.offset, data.offset + data.size);
    }

    @Override
    public int hashCode() {
        return 31 * contentType.hashCode()
                + ByteBuffer.wrap(bytes, offset, size).hashCode();
    }

    /** Returns content type and size, never the content: data may be personal. */
    @Override
    public String toString() {
        return contentType + "[" + size + " bytes]";
    }
}
