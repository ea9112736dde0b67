// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import leftfold.jdbc.DocumentPage.Written;
import leftfold.projection.Documents;
import leftfold.projection.Effect;
import leftfold.store.RecordedEvent;
import leftfold.subscription.HandlerException;

/**
 * One batch folded by several threads, to what one alone would make of it: they share out the events to read them, and
 * then the documents, each with all of its events, to fold them and turn them into text. The database is used by the
 * caller's thread only. An event that fails is the first one that does, for all before it were folded as ever.
 *
 * @param <D> a document
 */
record ParallelFold<D>(DocumentProjection<D> declared, DocumentFetch<D> fetch, FoldThreads threads) {
    /** Returns what {@code events} change, in no order. */
    List<Written<D>> fold(List<RecordedEvent> events) throws SQLException, HandlerException {
        List<Effect<Documents<D>>> effects = effects(events);
        fetch.fetchFor(effects);
        DocumentParts<D> parts = new DocumentParts<>(fetch::entry);
        effects.forEach(effect -> parts.add(effect.keys()));
        List<FoldThreads.Part<List<Written<D>>>> folds = new ArrayList<>();
        for (List<Integer> places : parts.divide(threads.count())) {
            int part = folds.size();
            folds.add(() -> {
                DocumentPage<D> page = new DocumentPage<>(declared.codec(), key -> parts.entry(part, key));
                for (int place : places) {
                    page.apply(effects.get(place), events.get(place));
                }
                return page.writes();
            });
        }
        return joined(threads.run(folds));
    }

    private List<Effect<Documents<D>>> effects(List<RecordedEvent> events) throws SQLException, HandlerException {
        List<FoldThreads.Part<List<Effect<Documents<D>>>>> shares = new ArrayList<>();
        for (int i = 0; i < threads.count(); i++) {
            long size = events.size();
            int from = (int) (size * i / threads.count());
            int to = (int) (size * (i + 1) / threads.count());
            shares.add(() -> DocumentReadModel.effects(declared, events.subList(from, to)));
        }
        return joined(threads.run(shares));
    }

    private static <T> List<T> joined(List<List<T>> lists) {
        List<T> all = new ArrayList<>();
        lists.forEach(all::addAll);
        return all;
    }
}
