// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.regex.Pattern;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;

/**
 * One file of the log: its bytes, which never change once events in them are acknowledged, and what is known of its
 * events. The bytes are safe for many threads; the rest is guarded by the lock of {@link LogIndex}.
 */
final class Segment {
    private static final Pattern NAME = Pattern.compile("segment-(\\d{6})\\.log");

    private final String path;
    private final SegmentHeader header;
    private final ByteBuffer bytes;
    private final Postings postings = new Postings();
    private int[] offsets = new int[64];

    /** Creates a segment without events; {@code path} names its file in messages. */
    Segment(String path, SegmentHeader header, ByteBuffer bytes) {
        this.path = path;
        this.header = header;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the name of the file of the segment with this number. */
    static String file(int number) {
        return "segment-%06d.log".formatted(number);
    }

    /** Returns the number in a segment's file name; 0 if {@code name} is not one. */
    static int number(String name) {
        var matcher = NAME.matcher(name);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    String path() {
        return path;
    }

    SegmentHeader header() {
        return header;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    Postings postings() {
        return postings;
    }

    /** Returns the position of the first event that is, or will be, here. */
    long firstPosition() {
        return header.firstPosition();
    }

    /** Returns the position after the last one here. */
    long nextPosition() {
        return header.firstPosition() + postings.count();
    }

    /** Takes note of the next event, whose record begins at {@code offset}. */
    void add(RecordedEvent event, int offset) {
        setOffset(postings.count(), offset);
        postings.add(event);
    }

    /** Takes note that the positions up to {@code position}, exclusive, are lost. */
    void skipTo(long position) {
        int lost = Math.toIntExact(position - nextPosition());
        setOffset(postings.count() + lost - 1, 0);
        postings.skip(lost);
    }

    /** Returns where the record of the event with this ordinal begins; 0 if it is lost. */
    int offset(int ordinal) {
        return offsets[ordinal];
    }

    /** Returns the version in its stream of the event with this ordinal, which is not lost. */
    long version(int ordinal) {
        return bytes.getLong(offsets[ordinal] + 16);
    }

    /** Returns where the event with this ordinal, which is not lost, stands in its stream. */
    LogIndex.Place place(int ordinal) {
        long previous = EventRecord.previousPosition(bytes, offsets[ordinal]);
        return new LogIndex.Place(firstPosition() + ordinal, version(ordinal), previous);
    }

    /**
     * Returns the event whose record begins at {@code offset}, checked.
     *
     * @throws StoreException.Corrupt if its bytes have changed since they were written
     */
    RecordedEvent event(int offset) {
        try {
            EventRecord.check(bytes, offset, bytes.limit());
            return EventRecord.decode(bytes, offset);
        } catch (EventRecord.InvalidException e) {
            throw new StoreException.Corrupt(path, offset, String.valueOf(e.getMessage()));
        }
    }

    private void setOffset(int ordinal, int offset) {
        if (ordinal >= offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.max(ordinal + 1, offsets.length * 2));
        }
        offsets[ordinal] = offset;
    }
}
