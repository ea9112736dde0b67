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
    private final boolean oneStream;
    private final Piece[] pieces = new Piece[EVENTS];
    private int pieceCount;
    private int piece; // the one that the next event is in
    private int end; // of the last piece, exclusive
    private int touched; // a sum that nobody needs, so that the touching is not optimised away

    /** Events of one segment whose records lie in a row, by their indexes among the positions, and where they begin. */
    private record Piece(Segment segment, int first, int last, int offset) {}

    /** Begins a read of one stream, or of events of any. */
    Lookahead(LogIndex index, RecordDecoder decoder, boolean oneStream) {
        this.index = index;
        this.oneStream = oneStream;
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
            new PageReads(index, positions, from, oneStream).read();
        }
        pieceCount = 0;
        piece = 0;
        for (end = from; end < to; ) {
            addPieces(positions, to);
        }
        try {
            touched = touched();
        } catch (InternalError e) {
            return; // who decodes the event that the disk cannot give learns that
        }
    }

    /** Returns whether events are in memory, as far as some of them tell. */
    private boolean areLoaded(long[] positions, int from, int to) {
        int asked = from; // the next one to ask about
        for (int first = from; first < to; ) {
            Stretch stretch = Stretch.of(index, positions, first, oneStream);
            if (asked <= stretch.last()) {
                if (!stretch.endsAreLoaded()) {
                    return false;
                }
                int row = stretch.rowBytes();
                if (row > 0 && !stretch.isLoaded(row)) {
                    return false;
                }
                // Where the records of a row begin is not asked: it is not looked up.
                for (; asked <= stretch.last() && asked < to; asked += EVENTS_PER_LOOK) {
                    if (row == 0 && !stretch.segment().isLoaded(positions[asked])) {
                        return false;
                    }
                }
            }
            first = stretch.last() + 1;
        }
        return true;
    }

    /** Adds the next events that are in one segment: a row as a whole, or else each of them before {@code to}. */
    private void addPieces(long[] positions, int to) {
        Stretch stretch = Stretch.of(index, positions, end, oneStream);
        Segment segment = stretch.segment();
        if (stretch.rowBytes() > 0) {
            add(new Piece(segment, end, stretch.last(), stretch.offset()));
        } else {
            for (int i = end; i <= stretch.last() && i < to; i++) {
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
