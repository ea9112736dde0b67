// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.Spliterators;
import java.util.function.Consumer;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/** A read of the log, event by event. Confined to one thread. */
abstract class Cursor extends Spliterators.AbstractSpliterator<RecordedEvent> {
    /** How many places are looked up at once. */
    static final int PAGE_EVENTS_MAX = 256;

    final LogReader reader;
    final LogIndex index;
    final RecordDecoder decoder = new RecordDecoder();
    final Lookahead ahead;
    private long left;

    /** Begins a read of at most {@code limit} events, of one stream or of any. */
    Cursor(LogReader reader, LogIndex index, long limit, boolean oneStream) {
        super(Long.MAX_VALUE, ORDERED | NONNULL | DISTINCT | IMMUTABLE);
        this.reader = reader;
        this.index = index;
        this.ahead = new Lookahead(index, decoder, oneStream);
        this.left = limit;
    }

    /** Returns the next event, whatever the limit; null if there are no more. */
    abstract @Nullable RecordedEvent next();

    private @Nullable RecordedEvent advance() {
        if (left == 0) {
            return null;
        }
        left--;
        return next();
    }

    @Override
    public boolean tryAdvance(Consumer<? super RecordedEvent> action) {
        RecordedEvent event = advance();
        if (event != null) {
            action.accept(event);
        }
        return event != null;
    }

    @Override
    public void forEachRemaining(Consumer<? super RecordedEvent> action) {
        for (RecordedEvent event = advance(); event != null; event = advance()) {
            action.accept(event);
        }
    }
}
