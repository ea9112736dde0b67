// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import leftfold.store.Direction;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;

/** A read of one stream by version; a version that is missing ends it with an error. Confined to one thread. */
final class StreamCursor extends Cursor {
    private final StreamId stream;
    private final Key key;
    private final Direction direction;
    private final long head;
    private final boolean fromEnd;
    private final int pageEventsMax;
    private long next; // the version that must come next; backwards from the end, anything
    private long seen; // the position before it in the direction of the read
    private @Nullable StreamPage page;
    private int pageIndex;
    private boolean done;

    /** Begins at a version, {@code range.first()}, and ends at a position, {@code range.last()}. */
    StreamCursor(LogReader reader, LogIndex index, StreamId stream, QueryCursor.Range range) {
        super(reader, index, range.limit(), true);
        this.pageEventsMax = Math.clamp(range.limit(), 1, PAGE_EVENTS_MAX);
        this.stream = stream;
        this.key = index.hash().stream(stream);
        this.direction = range.direction();
        this.head = range.last();
        long from = range.first();
        boolean forwards = direction == Direction.FORWARDS;
        long end = forwards ? Long.MAX_VALUE : index.head(key, head).version();
        this.fromEnd = !forwards && from >= end;
        this.next = forwards ? Math.max(1, from) : Math.min(from, end);
        this.seen = forwards ? 0 : head;
    }

    @Override
    @Nullable RecordedEvent next() {
        if (done) {
            return null;
        }
        StreamPage current = page;
        if (current == null || pageIndex == current.positions().length) {
            if (current == null && fromEnd) {
                reader.checkEnd(key);
            }
            current = direction == Direction.BACKWARDS && next == 0
                    ? null
                    : index.page(key, next, head, direction, pageEventsMax);
            page = current;
            pageIndex = 0;
        }
        if (current == null) {
            done = true;
            checkEnd();
            return null;
        }
        long position = current.positions()[pageIndex];
        if (current.versions()[pageIndex] != next) {
            throw missing(position);
        }
        RecordedEvent event = ahead.event(current.positions(), pageIndex++);
        if (event.version() != next || !event.stream().equals(stream)) {
            throw corrupt(position, "the index says that version " + next + " of " + stream + " is here");
        }
        seen = position;
        next += direction == Direction.FORWARDS ? 1 : -1;
        return event;
    }

    /** Refuses to end where events of the stream may be lost. */
    private void checkEnd() {
        if (index.damages().isEmpty()) {
            return;
        }
        if (direction == Direction.FORWARDS) {
            reader.checkNothingLost(Math.max(seen, index.head(key, head).position()), Long.MAX_VALUE);
        } else if (next > 0) {
            throw missing(0);
        }
    }

    private StoreException missing(long position) {
        reader.checkNothingLost(Math.min(seen, position), Math.max(seen, position));
        return corrupt(Math.max(1, position), "version " + next + " of " + stream + " is missing before this event");
    }

    private StoreException corrupt(long position, String what) {
        return new StoreException.Corrupt(index.segment(position).path(), 0, what + "; its position is " + position);
    }
}
