// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.Sqlite;
import leftfold.log.LogEventStore;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerListener;
import leftfold.subscription.FollowerSettings;
import org.HdrHistogram.Histogram;

/**
 * How long after its commit an event is part of a read model in SQLite, while 1,000 events a second are appended, one
 * by one, each at its time whether the one before is done or not.
 */
final class VisibleCase {
    static final String NAME = "visible-latency";

    private static final long EVERY_NANOS = 1_000_000;
    private static final double P50_MICROS = 5_000;
    private static final double P99_MICROS = 50_000;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final BenchFolder work;
    private final Report report;
    private final Progress progress;
    private final Rounds rounds;

    VisibleCase(BenchFolder work, Report report, Progress progress, Rounds rounds) {
        this.work = work;
        this.report = report;
        this.progress = progress;
        this.rounds = rounds;
    }

    /** When each event was committed, and when it was part of the read model. */
    private static final class Times implements FollowerListener {
        private final AtomicLongArray committed;
        private final AtomicLongArray seen;
        private int taken; // the follower's thread alone

        Times(int events) {
            this.committed = new AtomicLongArray(events);
            this.seen = new AtomicLongArray(events);
        }

        @Override
        public void taken(String follower, int events, Duration took) {
            long now = System.nanoTime();
            for (int i = 0; i < events; i++) {
                seen.set(taken++, now);
            }
        }

        /** What was seen before its append had even returned was seen at once. */
        Histogram latencies(int from, int to) {
            Histogram latencies = Measured.histogram();
            for (int i = from; i < to; i++) {
                latencies.recordValue(Math.max(0, seen.get(i) - committed.get(i)));
            }
            return latencies;
        }
    }

    void run() throws IOException, InterruptedException {
        Path folder = work.child(NAME);
        int each = (int) Math.max(1, rounds.nanos() / EVERY_NANOS);
        Times times = new Times(each * (rounds.count() + 1));
        FollowerSettings settings = ReadDatabase.standardSettings().withListener(times);
        List<Measured> measured = new ArrayList<>();
        progress.at(NAME);
        try (progress;
                LogEventStore store = LogEventStore.open(folder.resolve("log"));
                Follower follower = new ReadDatabase(Sqlite.open(folder.resolve("read-models.db")), settings)
                        .run(store, Accounts.table())) {
            Accounts.Traffic traffic = new Accounts.Traffic(1);
            for (int round = 0; round <= rounds.count(); round++) {
                int from = each * round;
                long start = System.nanoTime();
                append(store, traffic, times, from, each);
                if (!follower.await(store.head(), LONGEST)) {
                    throw new IOException("the projection ended as " + follower.status());
                }
                if (round > 0) { // in the first one the code is being compiled
                    measured.add(new Measured(each, System.nanoTime() - start, times.latencies(from, from + each)));
                }
            }
        }
        BenchFolder.delete(folder);
        report.print(Row.of(NAME, measured, Goal.p50AndP99Micros(P50_MICROS, P99_MICROS)));
    }

    private static void append(LogEventStore store, Accounts.Traffic traffic, Times times, int from, int count) {
        long start = System.nanoTime();
        CompletableFuture<?> last = CompletableFuture.completedFuture(store);
        for (int i = 0; i < count; i++) {
            long due = start + i * EVERY_NANOS;
            for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                LockSupport.parkNanos(due - now);
            }
            int event = from + i;
            last = store.appendAsync(traffic.next(1))
                    .whenComplete((result, failure) -> times.committed.set(event, System.nanoTime()));
        }
        last.join(); // the log takes them in order, so the others are done
    }
}
