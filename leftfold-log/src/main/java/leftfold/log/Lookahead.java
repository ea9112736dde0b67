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

    private final LogIndex index;
    private final RecordDecoder decoder;
    private final Piece[] pieces = new Piece[EVENTS];
    private int pieceCount;
    private int piece; // the one that the next event is in
    private int end; // of the last piece, exclusive
    private int touched; // a sum that nobody needs, so that the touching is not optimised away

    /** Events of one segment whose records lie in a row, by their indexes among the positions, and where they begin. */
    private record Piece(Segment segment, int first, int last, int offset) {}

    Lookahead(LogIndex index, RecordDecoder decoder) {
        this.index = index;
        this.decoder = decoder;
    }

    /** Returns the event at {@code positions[at]}; begin with index 0 and go on one by one. */
    RecordedEvent event(long[] positions, int at) {
        if (at == 0 || at == end) {
            look(positions, at);
        } else if (at > pieces[piece].last) {
            piece++;
        }
        Piece in = pieces[piece];
        return at == in.first
                ? decoder.decode(in.segment, positions[at], in.offset)
                : decoder.decode(in.segment, positions[at]); // as a rule, right behind the event before
    }

    private void look(long[] positions, int from) {
        int to = Math.min(from + EVENTS, positions.length); // what begins before
        boolean inRow = positions[to - 1] - positions[from] == to - 1 - from; // the system reads such ahead itself
        if (!inRow && !areLoaded(positions, from, to)) {
            new PageReads(index, positions, from).read();
        }
        pieceCount = 0;
        piece = 0;
        for (end = from; end < to; ) {
            addPieces(positions, to);
        }
        touched = touched();
    }

    /** Returns whether events are in memory, as far as some of them tell. */
    private boolean areLoaded(long[] positions, int from, int to) {
        int asked = from; // the next one to ask about
        for (int first = from; first < to; ) {
            Segment segment = index.segment(positions[first]);
            int last = segment.last(positions, first);
            if (asked <= last) {
                if (!segment.isLoaded(positions[first]) || !segment.isLoaded(positions[last])) {
                    return false;
                }
                // Where the records of a run begin is not asked but for those two: it is not looked up.
                boolean run = isRun(segment, positions, first, last);
                for (; asked <= last && asked < to; asked += EVENTS_PER_LOOK) {
                    if (!run && !segment.isLoaded(positions[asked])) {
                        return false;
                    }
                }
            }
            first = last + 1;
        }
        return true;
    }

    private static boolean isRun(Segment segment, long[] positions, int first, int last) {
        return PageReads.isRun(segment.offset(positions[first]), segment.offset(positions[last]), last - first);
    }

    /** Adds the next events that are in one segment: a run as a whole, or else each of them before {@code to}. */
    private void addPieces(long[] positions, int to) {
        Segment segment = index.segment(positions[end]);
        int last = segment.last(positions, end);
        if (isRun(segment, positions, end, last)) {
            add(new Piece(segment, end, last, segment.offset(positions[end])));
        } else {
            for (int i = end; i <= last && i < to; i++) {
                add(new Piece(segment, i, i, segment.offset(positions[i])));
            }
        }
    }

    private void add(Piece next) {
        pieces[pieceCount++] = next;
        end = next.last + 1;
    }

    private int touched() {
        int sum = touched;
        for (int i = 0; i < pieceCount; i++) {
            ByteBuffer bytes = pieces[i].segment.bytes();
            int last = Math.min(pieces[i].offset + TOUCHED_BYTES, bytes.limit());
            for (int at = Math.max(0, pieces[i].offset); at < last; at += CACHE_LINE_BYTES) {
                sum += bytes.get(at);
            }
        }
        return sum;
    }
}
