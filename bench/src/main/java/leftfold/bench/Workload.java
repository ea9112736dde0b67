// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.Event;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/**
 * Appends of one writer, spread at random over streams of its own, each with the version that the stream must be at.
 * Confined to one thread.
 */
final class Workload {
    private final SplittableRandom random;
    private final Facts facts;
    private final String prefix;
    private final int[] versions;

    Workload(int writer, int streams) {
        this.random = new SplittableRandom(writer);
        this.facts = new Facts(writer);
        this.prefix = writer + "-";
        this.versions = new int[streams];
    }

    /** Returns an append of {@code events} events to one stream. */
    Append next(int events) {
        int ordinal = random.nextInt(versions.length);
        List<Event> list = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            list.add(facts.event(Set.of()));
        }
        StreamId stream = StreamId.of("account", prefix + ordinal);
        int version = versions[ordinal];
        versions[ordinal] += events;
        return new Append(
                List.of(new StreamWrite(stream, list)), List.of(new AppendCondition.StreamAt(stream, version)));
    }
}
