// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import org.HdrHistogram.Histogram;

/** Reads of one log by one thread, out of the page cache: each case runs once before it is measured. */
final class ReadCases {
    private static final String HOT = "stream-100-hot";
    static final String COMPACTED = "stream-100-hot-compacted";
    static final List<String> NAMES = List.of("scan", HOT, "query-tag");

    private static final int HOT_STREAMS = 2_000;
    private static final long SCAN_EVENTS_MAX = 10_000_000; // so that they fit into the page cache
    private static final double SCAN_PER_SECOND = 10_000_000;
    private static final double QUERY_COST = 2;
    private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long EVENTS_A_ROUND_MIN = 100_000;

    private final EventStore store;
    private final Layout layout;
    private final Report report;
    private final int rounds;

    ReadCases(EventStore store, Layout layout, Report report, int rounds) {
        this.store = store;
        this.layout = layout;
        this.report = report;
        this.rounds = rounds;
    }

    void run() {
        if (report.wants("scan")) {
            long events = Math.min(SCAN_EVENTS_MAX, layout.events());
            List<Measured> scans = rounds(() -> count(store.read(Query.all(), 1, Direction.FORWARDS, events)));
            report.print(Row.of("scan", scans, Goal.eventsPerSecond(SCAN_PER_SECOND)));
        }
        hot(HOT);
        if (report.wants("query-tag") && layout.rareEvents() > 0) {
            report.print(query());
        }
    }

    /** Measures what is better once the log was compacted. */
    void runCompacted() {
        hot(COMPACTED);
    }

    private void hot(String name) {
        if (report.wants(name)) {
            List<Measured> measured = new ArrayList<>();
            warm(this::streams);
            for (int i = 0; i < rounds; i++) {
                measured.add(streams());
            }
            report.print(Row.of(name, measured, Goal.p50Micros(40)));
        }
    }

    /** Reads the same long streams in each round, one after the other. */
    private Measured streams() {
        SplittableRandom random = new SplittableRandom(1);
        Histogram latencies = Measured.histogram();
        long start = System.nanoTime();
        long read = 0;
        long before = start;
        for (int i = 0; i < HOT_STREAMS; i++) {
            read += count(store.readStream(layout.longStream(random.nextInt(layout.longStreams()))));
            long after = System.nanoTime();
            latencies.recordValue(after - before);
            before = after;
        }
        return new Measured(read, before - start, latencies);
    }

    /**
     * Returns the row of a query by tag, beside two other ways to the same events: as a stream, which holds just them,
     * and each by its position. The cheaper one of both is what reading just those events costs.
     */
    private Row query() {
        Query query = Query.tags(Layout.RARE_TAG);
        long[] positions;
        try (Stream<RecordedEvent> found = store.read(query, 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            positions = found.mapToLong(RecordedEvent::position).toArray();
        }
        List<Measured> byTag = rounds(() -> count(store.read(query, 1, Direction.FORWARDS, Long.MAX_VALUE)));
        List<Measured> asStream = rounds(() -> count(store.readStream(Layout.RARE_STREAM)));
        List<Measured> byPosition = rounds(() -> LongStream.of(positions)
                .map(position -> count(store.read(Query.all(), position, Direction.FORWARDS, 1)))
                .sum());
        double stream = Row.of("", asStream, Goal.NONE).micros(50);
        double position = Row.of("", byPosition, Goal.NONE).micros(50);
        Goal goal = new Goal("2 x the reads alone", row -> row.micros(50) <= QUERY_COST * Math.min(stream, position));
        Row row = Row.of("query-tag", byTag, goal);
        double ratio = row.micros(50) / Math.min(stream, position);
        return row.with("matches", positions.length)
                .with("as_stream_us", stream)
                .with("by_position_us", position)
                .with("ratio_to_reads", ratio)
                .withNote("%.2f x; %d events, as a stream %,.1f us, by position %,.1f us"
                        .formatted(ratio, positions.length, stream, position));
    }

    /** Measures a reading, done often enough in each round that the clock can tell. */
    private List<Measured> rounds(LongSupplier reading) {
        long expected = reading.getAsLong();
        warm(() -> checked(reading, expected));
        long times = Math.max(1, EVENTS_A_ROUND_MIN / expected);
        List<Measured> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            for (long time = 0; time < times; time++) {
                checked(reading, expected);
            }
            measured.add(Measured.ofOne(expected, (System.nanoTime() - start) / times));
        }
        return measured;
    }

    private static void checked(LongSupplier reading, long expected) {
        long events = reading.getAsLong();
        if (events != expected) {
            throw new AssertionError("read " + expected + " events and then " + events);
        }
    }

    /** Reads until the code is compiled and the log is in the page cache. */
    private static void warm(Runnable reading) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < WARM_NANOS) {
            reading.run();
        }
    }

    private static long count(Stream<RecordedEvent> events) {
        try (events) {
            return events.filter(event -> event.data().size() > 0).count();
        }
    }
}
