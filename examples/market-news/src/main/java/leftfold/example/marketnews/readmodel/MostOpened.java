// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.readmodel;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import leftfold.example.marketnews.NewsEvent;
import leftfold.example.marketnews.interactions.InteractionsEvent.ArticleOpened;
import leftfold.projection.Documents;
import leftfold.projection.Live;
import leftfold.projection.MemoryDocuments;
import leftfold.projection.Projection;
import leftfold.schema.EventCodec;
import leftfold.store.EventStore;

/**
 * Which articles were opened most, now or at any time before: a live fold, computed when asked for and kept nowhere.
 * Safe for use by many threads.
 */
public final class MostOpened {
    private final Live<MemoryDocuments<Integer>> opened;

    /** How often an article was opened. */
    public record Entry(String article, int times) {}

    /** Creates the fold over the events in {@code store}. */
    public MostOpened(EventStore store, EventCodec<NewsEvent> codec) {
        Projection<Documents<Integer>> projection = Projection.<NewsEvent, Integer>documents("most-opened", 1, codec)
                .on(ArticleOpened.class, e -> e.event().article(), (times, e) -> times == null ? 1 : times + 1)
                .build();
        this.opened = Live.of(store, projection);
    }

    /** Returns the articles that were opened most so far. */
    public List<Entry> now(int limit) {
        return top(opened.now(), limit);
    }

    /** Returns the articles that were opened most by {@code instant}. */
    public List<Entry> asOf(Instant instant, int limit) {
        return top(opened.asOf(instant), limit);
    }

    private static List<Entry> top(MemoryDocuments<Integer> documents, int limit) {
        return documents.all().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                .toList();
    }
}
