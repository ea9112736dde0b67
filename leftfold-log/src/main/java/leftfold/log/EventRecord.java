// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;

/**
 * One event in a frame. Little-endian, a multiple of 8 bytes long:
 *
 * <pre>
 * offset  size  field
 *      0     4  length in bytes, padding included
 *      4     4  CRC32C of bytes 8 to the record's end
 *      8     8  position
 *     16     8  version in its stream
 *     24     8  position of the stream's event before this one; 0 for none
 *     32    16  event id (UUID, most significant half first)
 *     48     8  recorded at, microseconds since 1970-01-01T00:00:00Z
 *     56     4  schema version
 *     60     2  flags: bit 0, last event of its append, or of what was restored with it; the others are 0
 *     62     2  s, length of the stream id
 *     64     2  t, length of the type
 *     66     2  c, length of the content type; 0 means application/json
 *     68     4  a, length of the attributes
 *     72     4  d, length of the data
 *     76     4  0
 *     80     s  stream id, UTF-8
 *            t  type, UTF-8
 *            c  content type, UTF-8
 *            a  attributes, see {@link Attributes}
 *            d  data
 *               zeros up to a multiple of 8
 * </pre>
 */
final class EventRecord {
    static final int HEADER_BYTES = 80;
    static final int LAST_OF_APPEND = 1;
    private static final byte[] NOTHING = new byte[0];

    private EventRecord() {}

    /**
     * Adds an event of {@code stream} to {@code out}, without its place and checksum.
     *
     * @param stream the stream's name in UTF-8
     */
    static void encode(FrameBuffer out, byte[] stream, Event event, int flags) {
        byte[] type = FrameBuffer.utf8(event.type());
        String contentType = event.data().contentType();
        byte[] content = contentType.equals(Data.JSON) ? NOTHING : FrameBuffer.utf8(contentType);
        byte[] attributes = Attributes.encode(event);
        int dataLength = event.data().size();
        int length = HEADER_BYTES + stream.length + type.length + content.length + attributes.length + dataLength;
        int padded = FrameBuffer.alignUp(length, Frame.ALIGNMENT);
        ByteBuffer bytes = out.withRoom(padded);
        bytes.putInt(padded).putInt(0).putLong(0).putLong(0).putLong(0);
        bytes.putLong(event.id().getMostSignificantBits()).putLong(event.id().getLeastSignificantBits());
        bytes.putLong(0);
        bytes.putInt(event.schemaVersion()).putShort((short) flags);
        bytes.putShort((short) stream.length).putShort((short) type.length).putShort((short) content.length);
        bytes.putInt(attributes.length).putInt(dataLength).putInt(0);
        bytes.put(stream)
                .put(type)
                .put(content)
                .put(attributes)
                .put(event.data().asByteBuffer());
        out.zeros(padded - length);
    }

    /** Completes the record at {@code offset}, which {@link #encode} began; returns the offset behind it. */
    static int complete(ByteBuffer bytes, int offset, Place place) {
        int length = length(bytes, offset);
        bytes.putLong(offset + 8, place.position()).putLong(offset + 16, place.version());
        bytes.putLong(offset + 24, place.previousPosition()).putLong(offset + 48, place.recordedMicros());
        bytes.putInt(offset + 4, Checksum.of(bytes, offset + 8, length - 8));
        return offset + length;
    }

    /** Where an event goes; the previous position is that of the stream's event before it, 0 for none. */
    record Place(long position, long version, long previousPosition, long recordedMicros) {}

    /**
     * Returns the length of the record at {@code offset}, after checking its checksum and that its parts fit.
     *
     * @throws InvalidException if they do not
     * @throws InternalError if the disk cannot give the bytes
     */
    static int check(ByteBuffer bytes, int offset, int end) throws InvalidException {
        int length = length(bytes, offset, end);
        checkSum(checksum(bytes, offset), Checksum.ofMapped(bytes, offset + 8, length - 8));
        return length;
    }

    /**
     * Returns the length of the record at {@code offset}, after checking that it ends before {@code end} and its parts
     * fit.
     */
    static int length(ByteBuffer bytes, int offset, int end) throws InvalidException {
        if (offset < SegmentHeader.BYTES || end - offset < HEADER_BYTES) {
            throw new InvalidException("an event record has no room before byte " + end);
        }
        int length = bytes.getInt(offset);
        if (length < HEADER_BYTES || length > end - offset || length % Frame.ALIGNMENT != 0) {
            throw new InvalidException("an event record's length is " + length);
        }
        long parts = HEADER_BYTES
                + Short.toUnsignedLong(bytes.getShort(offset + 62))
                + Short.toUnsignedLong(bytes.getShort(offset + 64))
                + Short.toUnsignedLong(bytes.getShort(offset + 66))
                + Integer.toUnsignedLong(bytes.getInt(offset + 68))
                + Integer.toUnsignedLong(bytes.getInt(offset + 72));
        if (parts > length) {
            throw new InvalidException("an event's parts are longer than its record");
        }
        return length;
    }

    /** Refuses a checksum that is not what was computed. */
    static void checkSum(int found, int computed) throws InvalidException {
        if (found != computed) {
            throw new InvalidException("an event's checksum is %08x, computed %08x".formatted(found, computed));
        }
    }

    /** Returns the checksum that stands in the record at {@code offset}, unchecked. */
    static int checksum(ByteBuffer bytes, int offset) {
        return bytes.getInt(offset + 4);
    }

    /** Returns the length of the record at {@code offset}, unchecked. */
    static int length(ByteBuffer bytes, int offset) {
        return bytes.getInt(offset);
    }

    static long position(ByteBuffer bytes, int offset) {
        return bytes.getLong(offset + 8);
    }

    /** Returns the version in its stream of the record at {@code offset}. */
    static long version(ByteBuffer bytes, int offset) {
        return bytes.getLong(offset + 16);
    }

    static int streamLength(ByteBuffer bytes, int offset) {
        return Short.toUnsignedInt(bytes.getShort(offset + 62));
    }

    static int typeLength(ByteBuffer bytes, int offset) {
        return Short.toUnsignedInt(bytes.getShort(offset + 64));
    }

    static int attributesLength(ByteBuffer bytes, int offset) {
        return bytes.getInt(offset + 68);
    }

    /** Returns where the attributes of the record at {@code offset} begin. */
    static int attributesOffset(ByteBuffer bytes, int offset) {
        return offset
                + HEADER_BYTES
                + streamLength(bytes, offset)
                + typeLength(bytes, offset)
                + Short.toUnsignedInt(bytes.getShort(offset + 66));
    }

    /** Returns the length of {@link StreamId#category()} of the record at {@code offset}. */
    static int categoryLength(ByteBuffer bytes, int offset) {
        int length = streamLength(bytes, offset);
        for (int i = 0; i < length; i++) {
            if (bytes.get(offset + HEADER_BYTES + i) == '-') {
                return i;
            }
        }
        return length;
    }

    /** Returns the stream's name in UTF-8 of the record at {@code offset}. */
    static byte[] stream(ByteBuffer bytes, int offset) {
        byte[] name = new byte[streamLength(bytes, offset)];
        bytes.get(offset + HEADER_BYTES, name);
        return name;
    }

    /** Returns the position of the stream's event before the record at {@code offset}; 0 for none. */
    static long previousPosition(ByteBuffer bytes, int offset) {
        return bytes.getLong(offset + 24);
    }

    /** Returns when the record at {@code offset} was taken. */
    static Instant recordedAt(ByteBuffer bytes, int offset) {
        return Instant.EPOCH.plus(bytes.getLong(offset + 48), ChronoUnit.MICROS);
    }

    /** Returns the most significant half of the event id of the record at {@code offset}. */
    static long idHigh(ByteBuffer bytes, int offset) {
        return bytes.getLong(offset + 32);
    }

    /** Returns the other half. */
    static long idLow(ByteBuffer bytes, int offset) {
        return bytes.getLong(offset + 40);
    }

    /** The bytes are not an event record; the message says what was found. */
    static final class InvalidException extends Exception {
        InvalidException(String message) {
            super(message);
        }
    }
}
