// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import leftfold.jdbc.DocumentProjection;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.Rebuild;
import leftfold.postgres.PostgresEventStore;

/** Whether a rebuild holds up appends: writers that append while a read model of the whole log is built anew. */
final class RebuildCase {
    static final String NAME = "postgres-append-rebuild";

    private static final int WRITERS = 16;
    private static final int FIRST_WRITER = 1_000; // nobody else's streams
    private static final int STREAMS = 1_000;
    private static final int SLICES = 4; // of a round: the last one reaches beyond the rebuild's end
    private static final double LONGEST_MICROS = 1e6;
    private static final Duration LONGEST = Duration.ofHours(1);

    private final PostgresServer.Running server;
    private final PostgresEventStore store;
    private final ReadDatabase readers;
    private final List<Measured> rebuilds = new ArrayList<>();

    RebuildCase(PostgresServer.Running server, PostgresEventStore store, DataSource database) {
        this.server = server;
        this.store = store;
        this.readers = new ReadDatabase(database);
    }

    /** Builds a version of the projection, from {@code firstVersion} on, in each round. */
    Row run(Rounds rounds, int firstVersion) throws IOException, InterruptedException, ExecutionException {
        ServedRounds alone = new ServedRounds(server, writers(FIRST_WRITER));
        ServedRounds beside = new ServedRounds(server, writers(FIRST_WRITER + WRITERS));
        alone.warmUp(rounds.probeNanos());
        beside.warmUp(rounds.probeNanos());
        for (int round = 0; round < rounds.count(); round++) {
            alone.run(rounds.nanos());
            rebuild(firstVersion + round, beside, rounds.nanos() / SLICES);
        }
        Row before = alone.row("", Goal.NONE);
        double built = Row.of("", rebuilds, Goal.NONE).eventsPerSecond();
        return beside.row(NAME, new Goal("no append over 1 s", row -> row.micros(100) <= LONGEST_MICROS))
                .with("longest_us", beside.row("", Goal.NONE).micros(100))
                .with("events_per_second_alone", before.eventsPerSecond())
                .with("p99_us_alone", before.micros(99))
                .with("longest_us_alone", before.micros(100))
                .with("rebuild_events_per_second", built)
                .withNote("longest %,.0f us; alone %,.0f/s, p99 %,.0f us, longest %,.0f us; the rebuild %,.0f/s"
                        .formatted(
                                beside.row("", Goal.NONE).micros(100),
                                before.eventsPerSecond(),
                                before.micros(99),
                                before.micros(100),
                                built));
    }

    private List<Callable<Integer>> writers(int first) {
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Workload workload = new Workload(first + i, STREAMS);
            writers.add(() -> {
                store.append(workload.next(1));
                return 1;
            });
        }
        return writers;
    }

    private void rebuild(int version, ServedRounds beside, long nanos)
            throws IOException, InterruptedException, ExecutionException {
        DocumentProjection<Long> projection = new DocumentProjection<>(Balances.projection(version), Balances.CODEC);
        long events = store.head();
        long start = System.nanoTime();
        try (Rebuild rebuild = readers.rebuild(store, List.of(projection))) {
            do {
                beside.run(nanos);
            } while (!rebuild.ended());
            if (!rebuild.await(LONGEST)) {
                throw new IOException("the rebuild ended as " + rebuild.status());
            }
            rebuilds.add(Measured.ofOne(events, System.nanoTime() - start));
        }
        var unused = readers.models().dropOld(projection.projection().id().name());
    }
}
