// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** A server that takes connections and requests, and from which no answer comes. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES) // what would fail often hangs instead
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class SilentServerTest {
    private static final PostgresOptions PATIENCE = PostgresOptions.defaults().withTimeout(Duration.ofSeconds(1));
    private static final StreamId STREAM = StreamId.of("order-1");

    private final HikariDataSource direct = TestServer.newSchema();
    private final SilentProxy proxy;
    private final HikariDataSource pool;
    private final PostgresEventStore store;
    private final Event event = Event.of("Placed", Data.json("{}"));

    SilentServerTest() throws IOException {
        PGSimpleDataSource source = TestServer.source(direct.getSchema());
        proxy = new SilentProxy(source.getPortNumbers()[0]);
        source.setPortNumbers(new int[] {proxy.port()});
        source.setSocketTimeout(10); // for reads, in seconds; of appends the store takes care itself
        pool = new HikariDataSource();
        pool.setDataSource(source);
        pool.setConnectionTimeout(1_000);
        store = PostgresEventStore.open(pool, PATIENCE);
    }

    @AfterEach
    void close_everything() {
        proxy.close();
        store.close();
        pool.close();
        direct.close();
    }

    @Test
    void an_append_whose_answer_gets_lost_is_unknown_and_is_there() {
        store.append(StreamId.of("other"), 0, List.of(Event.of("Placed", Data.json("{}"))));
        proxy.loseAnswers();
        assertThatThrownBy(() -> store.append(STREAM, 0, List.of(event)))
                .isInstanceOf(StoreException.OutcomeUnknown.class)
                .hasMessageStartingWith("what came of an append is not known: ");
        proxy.passAll();
        assertThat(store.append(STREAM, 0, List.of(event)).repeated()).isTrue();
        check(2);
    }

    @Test
    void an_append_that_gets_lost_on_its_way_is_unknown_and_is_not_there() {
        store.append(StreamId.of("other"), 0, List.of(Event.of("Placed", Data.json("{}"))));
        proxy.loseRequests();
        assertThatThrownBy(() -> store.append(STREAM, 0, List.of(event)))
                .isInstanceOf(StoreException.OutcomeUnknown.class)
                .hasMessageStartingWith("what came of an append is not known: ");
        proxy.passAll();
        assertThat(store.append(STREAM, 0, List.of(event)).repeated()).isFalse();
        check(2);
    }

    @Test
    void an_append_that_never_got_a_connection_is_unavailable_and_not_unknown() {
        proxy.loseAnswers();
        assertThatThrownBy(() -> store.append(STREAM, 0, List.of(event)))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageStartingWith("cannot append: ");
        proxy.passAll();
        assertThat(store.append(STREAM, 0, List.of(event)).repeated()).isFalse();
        check(1);
    }

    @Test
    void a_read_ends_when_the_drivers_own_timeout_does() {
        proxy.loseAnswers();
        assertThatThrownBy(() -> store.streamVersion(STREAM)).isInstanceOf(StoreException.Unavailable.class);
        proxy.passAll();
        assertThat(store.streamVersion(STREAM)).isZero();
    }

    @Test
    void a_port_at_which_nobody_answers_cannot_be_opened() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HikariDataSource nobody =
                        Postgres.pool("jdbc:postgresql://localhost:" + silent.getLocalPort() + "/postgres?user=none")) {
            assertThatThrownBy(() -> PostgresEventStore.open(nobody))
                    .isInstanceOf(StoreException.CannotOpen.class)
                    .hasMessageNotContaining("\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void a_log_is_not_opened_for_good_whose_server_falls_silent(int connections) {
        assertThatThrownBy(() -> PostgresEventStore.open(silentAfter(connections), PATIENCE))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no answer came in time");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void others_are_notified_again_though_the_server_was_silent_in_a_notification() throws Exception {
        DataSource source = silentAfter(5); // three to open it, one to append, one to notify
        try (PostgresEventStore notifying = PostgresEventStore.open(source, PATIENCE);
                Connection listening = direct.getConnection()) {
            TestServer.execute(
                    listening, "LISTEN leftfold_" + notifying.id().toString().replace("-", ""));
            PGConnection notified = listening.unwrap(PGConnection.class);
            notifying.append(STREAM, 0, List.of(event));
            assertThat(notified.getNotifications(0)).hasSize(1);
            proxy.passAll();
            notifying.append(STREAM, 1, List.of(Event.of("Placed", Data.json("{}"))));
            assertThat(notified.getNotifications(0)).hasSize(1);
        }
    }

    /** Returns connections without limits of their own; after so many of them no answer comes any more. */
    private DataSource silentAfter(int connections) {
        PGSimpleDataSource source = TestServer.source(direct.getSchema());
        source.setPortNumbers(new int[] {proxy.port()});
        AtomicInteger left = new AtomicInteger(connections);
        return Wrapped.of(DataSource.class, source, call -> {
            Object connection = call.proceed();
            if (left.decrementAndGet() == 0) {
                proxy.loseAnswers();
            }
            return connection;
        });
    }

    /** Asserts, past the proxy, how many events there are, and that one of them is the test's, once. */
    private void check(int events) {
        try (PostgresEventStore other = PostgresEventStore.open(direct)) {
            assertThat(other.head()).isEqualTo(events);
            assertThat(other.readStream(STREAM))
                    .singleElement()
                    .satisfies(found -> assertThat(found.event().id()).isEqualTo(event.id()));
        }
    }
}
