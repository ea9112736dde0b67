// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process of the server that stands still (SIGSTOP) with a statement, and goes on when nobody waits any more. */
@Tag("slow")
@Timeout(value = 2, unit = TimeUnit.MINUTES) // what would fail often hangs instead
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class StoppedBackendTest {
    /** Has the transaction's commit take two seconds. */
    private static final String SLOW_COMMIT = """
            CREATE TABLE slow (id int);
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_sleep(2); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION slow();
            INSERT INTO slow VALUES (1)""";

    private static final PostgresOptions PATIENCE = PostgresOptions.defaults().withTimeout(Duration.ofSeconds(1));
    private static final int WRITERS = 8;
    private static final int STOPS = 3;
    private static final int APPENDS_BETWEEN = 100;
    private static final Duration MANY_SECONDS = Duration.ofSeconds(100);
    private static final StreamId STREAM = StreamId.of("order-1");

    private final HikariDataSource pool = TestServer.newSchema();
    private final PostgresEventStore store = PostgresEventStore.open(pool, PATIENCE);
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicInteger appended = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();

    @AfterEach
    void close_the_store() {
        store.close();
        pool.close();
    }

    @Test
    void an_append_whose_backend_stands_still_is_unknown_and_is_there_once_when_it_went_on() throws Exception {
        store.append(StreamId.of("other"), 0, List.of(event())); // from here on the store has its connection
        long backend = backend("state = 'idle' AND query LIKE '%leftfold_append%'");
        Event event = event();
        signal("STOP", backend);
        try {
            assertThatThrownBy(() -> store.append(STREAM, 0, List.of(event)))
                    .isInstanceOf(StoreException.OutcomeUnknown.class);
            assertThat(store.append(StreamId.of("another"), 0, List.of(event())).position())
                    .as("the store goes on meanwhile")
                    .isEqualTo(2);
        } finally {
            signal("CONT", backend);
        }
        awaitGone(backend);
        assertThat(store.find(STREAM, event.id())).isPresent();
        assertThat(store.append(STREAM, 0, List.of(event)).repeated()).isTrue();
        assertThat(store.head()).isEqualTo(3);
    }

    @Test
    void a_transaction_whose_backend_stands_still_at_the_commit_is_unknown_and_can_be_appended_again()
            throws Exception {
        Event event = event();
        AtomicLong backend = new AtomicLong();
        try (ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor()) {
            assertThatThrownBy(() -> store.transaction(tx -> {
                        backend.set(process(tx.connection()));
                        AppendResult result = tx.append(STREAM, 0, List.of(event));
                        TestServer.execute(tx.connection(), SLOW_COMMIT);
                        Callable<Long> stopping = () -> {
                            signal("STOP", backend.get());
                            return backend.get();
                        };
                        var unused = later.schedule(stopping, 1, TimeUnit.SECONDS);
                        return result;
                    }))
                    .isInstanceOf(StoreException.OutcomeUnknown.class);
        } finally {
            signal("CONT", backend.get());
        }
        awaitGone(backend.get()); // having committed, or having found that it was idle for too long
        assertThat(store.append(STREAM, 0, List.of(event)).position()).isEqualTo(1);
        assertThat(store.head()).isEqualTo(1);
    }

    @Test
    void a_transaction_whose_backend_stands_still_before_an_append_is_unavailable_and_leaves_nothing()
            throws Exception {
        Event event = event();
        AtomicLong backend = new AtomicLong();
        try {
            assertThatThrownBy(() -> store.transaction(tx -> {
                        backend.set(process(tx.connection()));
                        signal("STOP", backend.get());
                        return tx.append(STREAM, 0, List.of(event));
                    }))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageStartingWith("cannot append: ");
        } finally {
            signal("CONT", backend.get());
        }
        awaitGone(backend.get());
        assertThat(store.append(STREAM, 0, List.of(event)).repeated()).isFalse();
        assertThat(store.head()).isEqualTo(1);
    }

    @Test
    void a_transaction_whose_backend_stands_still_at_its_beginning_is_unavailable() throws Exception {
        AtomicBoolean stopping = new AtomicBoolean();
        AtomicLong backend = new AtomicLong();
        try (PostgresEventStore stopped = PostgresEventStore.open(stopping(stopping, backend), PATIENCE)) {
            stopping.set(true);
            assertThatThrownBy(() -> stopped.transaction(tx -> tx.append(STREAM, 0, List.of(event()))))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageStartingWith("cannot begin a transaction: no answer came in time");
        } finally {
            signal("CONT", backend.get());
        }
        assertThat(store.head()).isZero();
    }

    @Test
    void a_transaction_is_answered_though_a_backend_stands_still_that_is_to_make_the_next_partition() throws Exception {
        TestServer.makePartitionsOf(256, pool);
        AtomicBoolean stopping = new AtomicBoolean();
        AtomicLong backend = new AtomicLong();
        List<Event> events =
                Stream.generate(StoppedBackendTest::event).limit(250).toList();
        try (PostgresEventStore stopped = PostgresEventStore.open(stopping(stopping, backend), PATIENCE)) {
            AppendResult result = stopped.transaction(tx -> {
                AppendResult appended = tx.append(STREAM, 0, events);
                stopping.set(true);
                return appended;
            });
            assertThat(result.position()).isEqualTo(250);
            assertThat(stopping).isFalse();
        } finally {
            signal("CONT", backend.get());
        }
    }

    /** Returns the database; the process of the next connection that is taken when told so stands still. */
    private DataSource stopping(AtomicBoolean stopping, AtomicLong backend) {
        return Wrapped.of(DataSource.class, pool, call -> {
            Object result = call.proceed();
            if (result instanceof Connection connection && stopping.compareAndSet(true, false)) {
                backend.set(process(connection));
                signal("STOP", backend.get());
            }
            return result;
        });
    }

    @Test
    void a_read_whose_backend_stands_still_is_unavailable_and_the_next_one_goes_on() throws Exception {
        store.append(STREAM, 0, List.of(event()));
        Crowd<StoreException> reader;
        long backend;
        try (Connection lock = TestServer.source(pool.getSchema()).getConnection()) {
            lock.setAutoCommit(false);
            TestServer.execute(lock, "LOCK TABLE leftfold_events");
            reader = new Crowd<StoreException>().add(() -> catchThrowableOfType(StoreException.class, store::head));
            backend = backend("wait_event_type = 'Lock' AND query LIKE 'SELECT position%'");
            signal("STOP", backend);
            lock.rollback();
        }
        try {
            assertThat(reader.join().getFirst())
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageStartingWith("cannot read: no answer came in time");
            assertThat(store.head()).as("on another connection").isEqualTo(1);
        } finally {
            signal("CONT", backend);
        }
    }

    @Test
    void a_follower_whose_backend_stands_still_sees_what_others_append() throws Exception {
        try (PostgresEventStore other = PostgresEventStore.open(pool);
                Subscription follower = store.subscribe(Query.all(), 0)) {
            other.append(STREAM, 0, List.of(event()));
            assertThat(follower.next(1, MANY_SECONDS).events()).hasSize(1);
            String now = TestServer.RUNNING.text("SELECT clock_timestamp()");
            long looking = backend("query_start > '" + now + "' AND query LIKE 'SELECT position%'");
            signal("STOP", looking);
            try {
                other.append(STREAM, 1, List.of(event()));
                assertThat(follower.next(1, MANY_SECONDS).events()).hasSize(1);
            } finally {
                signal("CONT", looking);
            }
        }
    }

    @Test
    void backends_that_stand_still_in_the_middle_of_appends_lose_and_double_nothing() throws Exception {
        List<Insisting> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Insisting(StreamId.of("writer", String.valueOf(i))));
        }
        Crowd<Insisting> crowd = new Crowd<Insisting>().add(WRITERS, writers::get);
        try {
            for (int i = 0; i < STOPS; i++) {
                awaitMore(appended, APPENDS_BETWEEN);
                long backend = backend("state = 'active' AND query LIKE '%leftfold_append%'");
                signal("STOP", backend);
                try {
                    awaitMore(unknown, 1);
                } finally {
                    signal("CONT", backend);
                }
            }
            awaitMore(appended, APPENDS_BETWEEN);
        } finally {
            ended.set(true);
        }
        crowd.join();

        List<RecordedEvent> log =
                store.read(Query.all(), 0, Direction.FORWARDS, Long.MAX_VALUE).toList();
        for (Insisting writer : writers) {
            assertThat(log.stream()
                            .filter(event -> event.stream().equals(writer.stream))
                            .map(event -> event.event().id()))
                    .isEqualTo(writer.there);
        }
        assertThat(log).hasSize(appended.get());
        assertThat(store.verify().findings()).isEmpty();
    }

    /** Appends each event again until it is told that it is there. */
    private final class Insisting implements Callable<Insisting> {
        private final StreamId stream;
        private final List<UUID> there = new ArrayList<>();

        Insisting(StreamId stream) {
            this.stream = stream;
        }

        @Override
        public Insisting call() {
            while (!ended.get()) {
                Event event = event();
                Append append = new Append(
                        List.of(new StreamWrite(stream, List.of(event))),
                        List.of(new AppendCondition.StreamAt(stream, there.size())));
                assertThat(insist(append).version()).isEqualTo(there.size() + 1);
                there.add(event.id());
                appended.incrementAndGet();
            }
            return this;
        }

        private AppendResult insist(Append append) {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    return store.append(append);
                } catch (StoreException.OutcomeUnknown e) {
                    unknown.incrementAndGet();
                } catch (StoreException.Unavailable stillBusy) {
                    Thread.onSpinWait();
                }
            }
            throw new AssertionError("never learned what became of an append to " + stream);
        }
    }

    private static Event event() {
        return Event.of("Placed", Data.json("{}"));
    }

    /** Waits for a process of the server that works for this test's schema, and returns its id. */
    private long backend(String which) throws InterruptedException {
        String sql = "SELECT coalesce(min(pid), 0) FROM pg_stat_activity WHERE application_name = '" + pool.getSchema()
                + "' AND " + which;
        long found = 0;
        while (found == 0) {
            checkInterrupted();
            found = Long.parseLong(TestServer.RUNNING.text(sql));
        }
        return found;
    }

    private static long process(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void signal(String name, long process) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    private static void awaitGone(long process) throws InterruptedException {
        while (ProcessHandle.of(process).isPresent()) {
            checkInterrupted();
        }
    }

    private static void awaitMore(AtomicInteger count, int more) throws InterruptedException {
        int target = count.get() + more;
        while (count.get() < target) {
            checkInterrupted();
        }
    }

    /** Ends the waiting when the test's time is up. */
    private static void checkInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("what the test waits for does not come");
        }
        Thread.onSpinWait();
    }
}
