// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import leftfold.store.Batch;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server that crashes, under a log whose server's default is to confirm commits that are not durable yet: the store
 * asks for durable ones whatever the default is.
 */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES) // what would fail often hangs instead
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ServerRestartTest {
    private static final int WRITERS = 8;
    private static final int CRASHES = 3;
    private static final int APPENDS_BETWEEN = 300;

    private final PostgresServer server = PostgresServer.start();
    private final HikariDataSource pool = server.newSchema();
    private final AtomicLong end = new AtomicLong(Long.MAX_VALUE); // known once nobody writes any more
    private volatile boolean writing = true;

    @BeforeEach
    void confirm_commits_early_by_default() {
        server.execute("ALTER ROLE postgres SET synchronous_commit = off");
        server.execute("ALTER SYSTEM SET wal_writer_delay = '5s'"); // what is confirmed early is lost in a crash
        server.execute("SELECT pg_reload_conf()");
    }

    @AfterEach
    void stop_the_server() {
        pool.close();
        server.close();
    }

    @Test
    void appends_and_followers_go_on_after_crashes_and_nothing_is_lost() throws Exception {
        try (PostgresEventStore store = PostgresEventStore.open(pool)) {
            Crowd<List<UUID>> followers = new Crowd<List<UUID>>().add(2, i -> () -> follow(store));
            Crowd<AcknowledgedWriter> writers =
                    new Crowd<AcknowledgedWriter>().add(WRITERS, i -> new AcknowledgedWriter(store, i, () -> writing));
            for (int i = 0; i < CRASHES; i++) {
                awaitAppends(store);
                server.crashAndStart();
            }
            awaitAppends(store);
            writing = false;
            List<AcknowledgedWriter> done = writers.join();

            assertThat(done).allSatisfy(writer -> assertThat(writer.notThere()).isEmpty());
            LostConnectionTest.check(store, done);
            end.set(store.head());
            List<UUID> log = store.read(Query.all(), 0, Direction.FORWARDS, Long.MAX_VALUE)
                    .map(event -> event.event().id())
                    .toList();
            assertThat(followers.join()).allSatisfy(seen -> assertThat(seen).isEqualTo(log));
        }
    }

    @Test
    void while_the_server_is_away_appends_are_told_so_and_when_it_is_back_they_go_on() throws Exception {
        pool.setConnectionTimeout(1_000);
        PostgresOptions patience = PostgresOptions.defaults().withTimeout(Duration.ofSeconds(1));
        try (PostgresEventStore store = PostgresEventStore.open(pool, patience)) {
            Crowd<AcknowledgedWriter> writers =
                    new Crowd<AcknowledgedWriter>().add(WRITERS, i -> new AcknowledgedWriter(store, i, () -> writing));
            awaitAppends(store);
            server.crash();
            StreamId stream = StreamId.of("order-1");
            Event event = Event.of("Placed", Data.json("{}"));
            assertThatThrownBy(() -> store.append(stream, 0, List.of(event)))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageStartingWith("cannot append: ");
            assertThatThrownBy(() -> store.streamVersion(stream)).isInstanceOf(StoreException.Unavailable.class);
            server.startAgain();
            awaitAppends(store);
            writing = false;
            List<AcknowledgedWriter> done = writers.join();

            assertThat(done)
                    .anySatisfy(writer -> assertThat(
                                    writer.unknown() + writer.notThere().size())
                            .isPositive());
            assertThat(store.find(stream, event.id())).isEmpty();
            LostConnectionTest.check(store, done);
            assertThat(store.append(stream, 0, List.of(event)).repeated()).isFalse();
        }
    }

    /** Waits until some more events are there. */
    private static void awaitAppends(PostgresEventStore store) throws InterruptedException {
        long until = -1;
        while (until < 0) {
            try {
                until = store.head() + APPENDS_BETWEEN;
            } catch (StoreException.Unavailable stillAway) {
                Thread.onSpinWait();
            }
        }
        try (Subscription subscription = store.subscribe(Query.all(), until - 1)) {
            while (subscription.next(1, Duration.ofSeconds(1)).events().isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    private List<UUID> follow(PostgresEventStore store) throws InterruptedException {
        List<UUID> seen = new ArrayList<>();
        try (Subscription subscription = store.subscribe(Query.all(), 0)) {
            long position = 0;
            while (position < end.get()) {
                try {
                    Batch batch = subscription.next(64, Duration.ofMillis(50));
                    batch.events().forEach(event -> seen.add(event.event().id()));
                    position = batch.position();
                } catch (StoreException.Unavailable e) {
                    Thread.onSpinWait(); // it goes on where it was
                }
            }
        }
        return seen;
    }
}
