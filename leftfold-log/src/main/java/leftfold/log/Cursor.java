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

    /** How often a cursor asks whether events are in memory, which takes as long as to decode one. */
    static final int EVENTS_PER_LOOK = 32;

    final LogReader reader;
    final LogIndex index;
    final RecordDecoder decoder = new RecordDecoder();

    Cursor(LogReader reader, LogIndex index) {
        super(Long.MAX_VALUE, ORDERED | NONNULL | DISTINCT | IMMUTABLE);
        this.reader = reader;
        this.index = index;
    }

    /** Returns the next event; null if there are no more. */
    abstract @Nullable RecordedEvent advance();

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
