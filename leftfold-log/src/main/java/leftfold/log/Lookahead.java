// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import leftfold.store.RecordedEvent;

/**
 * Decodes events whose positions are known ahead. Where the next few begin is looked up together, and their first bytes
 * are touched together: what lies scattered over memory then comes side by side, and not one after the other. What is
 * not in memory at all is read by {@link PageReads} before. Confined to one thread.
 */
final class Lookahead {
    private static final int EVENTS = 32;
    private static final int EVENTS_PER_LOOK = 8; // to ask whether an event is in memory takes as long as to decode one
    private static final int CACHE_LINE_BYTES = 64;
    private static final int TOUCHED_BYTES = 5 * CACHE_LINE_BYTES;
    private static final int BEHIND = -1; // as a rule, right behind the event before

    private final LogIndex index;
    private final RecordDecoder decoder;
    private final Segment[] segments = new Segment[EVENTS];
    private final int[] offsets = new int[EVENTS];
    private int touched; // a sum that nobody needs, so that the touching is not optimised away

    Lookahead(LogIndex index, RecordDecoder decoder) {
        this.index = index;
        this.decoder = decoder;
    }

    /** Returns the event at {@code positions[at]}; begin with index 0 and go on one by one. */
    RecordedEvent event(long[] positions, int at) {
        int place = at % EVENTS;
        if (place == 0) {
            look(positions, at);
        }
        Segment segment = segments[place];
        return offsets[place] == BEHIND
                ? decoder.decode(segment, positions[at])
                : decoder.decode(segment, positions[at], offsets[place]);
    }

    private void look(long[] positions, int from) {
        int count = Math.min(EVENTS, positions.length - from);
        findSegments(positions, from, count);
        boolean inRow =
                positions[from + count - 1] - positions[from] == count - 1; // the system reads such ahead itself
        if (!inRow && !areLoaded(positions, from, count)) {
            new PageReads(index, positions, from).read();
        }
        for (int first = 0; first < count; ) {
            int last = lastInSegment(first, count);
            findRecords(positions, from, first, last);
            first = last + 1;
        }
        touched = touched(count);
    }

    /** Returns whether events are in memory, as far as some of them tell. */
    private boolean areLoaded(long[] positions, int from, int count) {
        for (int first = 0; first < count; ) {
            int last = lastInSegment(first, count);
            if (nextLook(first) <= last && !areLoaded(positions, from, first, last)) {
                return false;
            }
            first = last + 1;
        }
        return true;
    }

    /** As above, of one segment. Where records of a run begin is not asked but for the first and the last. */
    private boolean areLoaded(long[] positions, int from, int first, int last) {
        Segment segment = segments[first];
        if (!segment.isLoaded(positions[from + first]) || (last > first && !segment.isLoaded(positions[from + last]))) {
            return false;
        }
        if (!isRun(positions, from, first, last)) {
            for (int i = nextLook(first + 1); i < last; i += EVENTS_PER_LOOK) {
                if (!segment.isLoaded(positions[from + i])) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int nextLook(int i) {
        return (i + EVENTS_PER_LOOK - 1) / EVENTS_PER_LOOK * EVENTS_PER_LOOK;
    }

    private boolean isRun(long[] positions, int from, int first, int last) {
        Segment segment = segments[first];
        return PageReads.isRun(
                segment.offset(positions[from + first]), segment.offset(positions[from + last]), last - first);
    }

    private void findSegments(long[] positions, int from, int count) {
        Segment segment = index.segment(positions[from]);
        for (int i = 0; i < count; i++) {
            long position = positions[from + i];
            if (!segment.holds(position)) {
                segment = index.segment(position);
            }
            segments[i] = segment;
        }
    }

    private int lastInSegment(int first, int count) {
        int last = first;
        while (last + 1 < count && segments[last + 1] == segments[first]) {
            last++;
        }
        return last;
    }

    /** Finds the records of one segment. */
    private void findRecords(long[] positions, int from, int first, int last) {
        Segment segment = segments[first];
        boolean run = isRun(positions, from, first, last);
        for (int i = first; i <= last; i++) {
            boolean behind = run && i > first && i < last;
            offsets[i] = behind ? BEHIND : segment.offset(positions[from + i]);
        }
    }

    private int touched(int count) {
        int sum = touched;
        for (int i = 0; i < count; i++) {
            ByteBuffer bytes = segments[i].bytes();
            int end = Math.min(offsets[i] + TOUCHED_BYTES, bytes.limit());
            for (int at = Math.max(0, offsets[i]); at < end; at += CACHE_LINE_BYTES) {
                sum += bytes.get(at);
            }
        }
        return sum;
    }
}
