// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into events, each copied out of its segment once and checked there. Remembers what one event tends to
 * share with the next. Confined to one thread.
 */
final class RecordDecoder {
    private static final int TYPES_REMEMBERED = 16;
    private static final int SCRATCH_BYTES = 1_024; // most records have room; what they hold is copied out
    private static final int NAME_BYTES = 128; // longer names are not remembered
    private static final Attributes NO_ATTRIBUTES = new Attributes(Metadata.none(), Set.of());

    private final CRC32C crc = new CRC32C();
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final byte[] lastName = new byte[NAME_BYTES];
    private final byte[][] types = new byte[TYPES_REMEMBERED][];
    private final String[] typeTexts = new String[TYPES_REMEMBERED];
    private int lastNameLength;
    private @Nullable StreamId lastStream;
    private @Nullable Segment lastSegment;
    private int lastEnd;
    private long lastMicros;
    private Instant lastInstant = Instant.EPOCH;

    /**
     * Returns the event at {@code position} of {@code segment}.
     *
     * @throws StoreException.Corrupt if its bytes are not what was written
     */
    RecordedEvent decode(Segment segment, long position) {
        int offset;
        try {
            offset = offset(segment, position);
        } catch (InternalError e) {
            offset = segment.offset(position); // the disk cannot give what lies behind the event before
        }
        return decode(segment, position, offset);
    }

    /** As above, of an event whose record is known to begin at {@code offset}. */
    RecordedEvent decode(Segment segment, long position, int offset) {
        try {
            byte[] record = copy(segment.bytes(), offset);
            lastSegment = segment;
            lastEnd = offset + (int) LittleEndian.INT.get(record, 0);
            long found = (long) LittleEndian.LONG.get(record, 8);
            if (found != position) {
                throw new EventRecord.InvalidException("the event here has position " + found + ", not " + position);
            }
            return event(record);
        } catch (EventRecord.InvalidException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw segment.corrupt(offset, e.getMessage(), position);
        } catch (InternalError e) {
            throw segment.corrupt(offset, Damage.UNREADABLE, position);
        }
    }

    /** Returns where the event's record begins: as a rule right behind the one before. */
    private int offset(Segment segment, long position) {
        if (segment.equals(lastSegment)
                && lastEnd <= segment.bytes().limit() - EventRecord.HEADER_BYTES
                && segment.bytes().getInt(lastEnd) != Frame.MAGIC // whose length and kind can look like a position
                && EventRecord.position(segment.bytes(), lastEnd) == position) {
            return lastEnd;
        }
        return segment.offset(position);
    }

    /** Returns the record that begins at {@code offset}, which may be anywhere; with other bytes behind it. */
    private byte[] copy(ByteBuffer bytes, int offset) throws EventRecord.InvalidException {
        int length = EventRecord.length(bytes, offset, bytes.limit());
        byte[] record = length <= SCRATCH_BYTES ? scratch : new byte[length];
        bytes.get(offset, record, 0, length);
        crc.reset();
        crc.update(record, 8, length - 8);
        EventRecord.checkSum((int) LittleEndian.INT.get(record, 4), (int) crc.getValue());
        return record;
    }

    private RecordedEvent event(byte[] record) {
        int streamEnd = EventRecord.HEADER_BYTES + unsignedShort(record, 62);
        int typeEnd = streamEnd + unsignedShort(record, 64);
        int contentEnd = typeEnd + unsignedShort(record, 66);
        int attributesLength = (int) LittleEndian.INT.get(record, 68);
        String contentType =
                contentEnd == typeEnd ? Data.JSON : new String(record, typeEnd, contentEnd - typeEnd, UTF_8);
        Attributes attributes = attributesLength == 0
                ? NO_ATTRIBUTES
                : Attributes.decode(
                        ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN), contentEnd, attributesLength);
        Event event = new Event(
                new UUID((long) LittleEndian.LONG.get(record, 32), (long) LittleEndian.LONG.get(record, 40)),
                type(record, streamEnd, typeEnd),
                (int) LittleEndian.INT.get(record, 56),
                data(record, Math.addExact(contentEnd, attributesLength), contentType),
                attributes.metadata(),
                attributes.tags());
        return new RecordedEvent(
                (long) LittleEndian.LONG.get(record, 8),
                stream(record, streamEnd),
                (long) LittleEndian.LONG.get(record, 16),
                instant((long) LittleEndian.LONG.get(record, 48)),
                event);
    }

    private Data data(byte[] record, int start, String contentType) {
        int size = (int) LittleEndian.INT.get(record, 72);
        return record.length > SCRATCH_BYTES
                ? Data.wrap(record, start, size, contentType)
                : Data.wrap(Arrays.copyOfRange(record, start, start + size), 0, size, contentType);
    }

    private StreamId stream(byte[] record, int end) {
        int length = end - EventRecord.HEADER_BYTES;
        StreamId last = lastStream;
        if (last != null && Arrays.equals(lastName, 0, lastNameLength, record, EventRecord.HEADER_BYTES, end)) {
            return last;
        }
        StreamId stream = StreamId.of(new String(record, EventRecord.HEADER_BYTES, length, UTF_8));
        if (length <= NAME_BYTES) {
            lastStream = stream;
            lastNameLength = length;
            System.arraycopy(record, EventRecord.HEADER_BYTES, lastName, 0, length);
        }
        return stream;
    }

    private String type(byte[] record, int from, int to) {
        int slot = from == to ? 0 : (to - from + 31 * record[from] + 7 * record[to - 1]) & (TYPES_REMEMBERED - 1);
        byte[] remembered = types[slot];
        if (remembered != null && Arrays.equals(remembered, 0, remembered.length, record, from, to)) {
            return typeTexts[slot];
        }
        types[slot] = Arrays.copyOfRange(record, from, to);
        typeTexts[slot] = new String(record, from, to - from, UTF_8);
        return typeTexts[slot];
    }

    private Instant instant(long micros) {
        if (micros != lastMicros) {
            lastMicros = micros;
            lastInstant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        }
        return lastInstant;
    }

    private static int unsignedShort(byte[] record, int offset) {
        return (record[offset] & 0xff) | (record[offset + 1] & 0xff) << 8;
    }
}
