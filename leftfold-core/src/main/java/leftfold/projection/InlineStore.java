// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.ForwardingStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;

/**
 * A store that has folded each append into read models in memory before the append returns: whoever appended reads its
 * own write without waiting. The append is durable before it is folded, so a handler that fails cannot refuse it; it
 * stops its read model, which says so, or parks the event. Safe for use by many threads.
 */
public final class InlineStore extends ForwardingStore {
    private final List<MemoryReadModel<?>> models;
    private final ReentrantLock folding = new ReentrantLock();
    private long folded;

    private InlineStore(EventStore store, List<MemoryReadModel<?>> models) {
        super(store);
        this.models = models;
    }

    /**
     * Returns {@code store} with {@code models} kept up to date inline; what is there already is folded first. Appends
     * are to go through what is returned. Closing it closes {@code store}.
     */
    public static InlineStore over(EventStore store, MemoryReadModel<?>... models) {
        InlineStore inline = new InlineStore(store, List.of(models));
        inline.foldUpTo(store.head());
        return inline;
    }

    @Override
    public AppendResult append(Append append) {
        AppendResult result = store.append(append);
        foldUpTo(result.position());
        return result;
    }

    /** Folds in log order, whoever appended what: the first to come folds for the others too. */
    private void foldUpTo(long position) {
        folding.lock();
        try {
            if (position <= folded) {
                return;
            }
            try (Stream<RecordedEvent> events =
                    store.read(Query.all(), folded + 1, Direction.FORWARDS, Long.MAX_VALUE)) {
                events.takeWhile(event -> event.position() <= position).forEachOrdered(this::fold);
            }
            folded = position;
            models.forEach(model -> model.finished(position));
        } finally {
            folding.unlock();
        }
    }

    private void fold(RecordedEvent event) {
        for (MemoryReadModel<?> model : models) {
            if (model.wants(event)) {
                model.takeInline(event);
            }
        }
    }
}
