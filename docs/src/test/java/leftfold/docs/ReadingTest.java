// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.decider.CommandHandler;
import leftfold.docs.GiftCard.CardEvent;
import leftfold.docs.GiftCard.Command;
import leftfold.docs.GiftCard.State;
import leftfold.jackson.JsonCodec;
import leftfold.jdbc.DocumentCodec;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.SqlProjection;
import leftfold.jdbc.Sqlite;
import leftfold.memory.MemoryEventStore;
import leftfold.projection.Documents;
import leftfold.projection.Live;
import leftfold.projection.Projection;
import leftfold.store.Batch;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.Subscription;
import leftfold.store.Tag;
import leftfold.subscription.Checkpoints;
import leftfold.subscription.Follower;
import leftfold.subscription.MemoryCheckpoints;
import leftfold.testkit.HandTurnedClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/04-reading.md. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ReadingTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final StreamId FIRST = StreamId.of("card-7F3A");
    private static final StreamId SECOND = StreamId.of("card-9C01");

    private final JsonCodec<CardEvent> codec = JsonCodec.of(CardEvent.class);
    private final HandTurnedClock clock = new HandTurnedClock(NOON);
    private final MemoryEventStore store = new MemoryEventStore(clock);
    private final CommandHandler<Command, CardEvent, State> cards =
            CommandHandler.builder(store, new GiftCard(), codec).build();

    @TempDir
    private Path folder;

    /** Two cards: 5000 issued and 1200 redeemed at noon; 3000 issued, and 800 of the first redeemed, an hour later. */
    @BeforeEach
    void fill() {
        cards.handle(FIRST, new Command.Issue("ada", 5_000));
        cards.handle(FIRST, new Command.Redeem("till-2", 1_200));
        clock.turn(Duration.ofHours(1));
        cards.handle(SECOND, new Command.Issue("bob", 3_000));
        cards.handle(FIRST, new Command.Redeem("till-1", 800));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_query_has_alternatives_of_which_one_must_hold_in_full() {
        // region query
        Query redeemed = Query.types("AmountRedeemed");
        Query ofAda = Query.tags(Tag.of("customer", "ada"));
        Query either =
                new Query(List.of(redeemed.items().getFirst(), ofAda.items().getFirst()));

        List<RecordedEvent> lastTwo;
        try (Stream<RecordedEvent> events = store.read(either, Long.MAX_VALUE, Direction.BACKWARDS, 2)) {
            lastTwo = events.toList();
        }
        // endregion
        assertThat(lastTwo).extracting(RecordedEvent::position).containsExactly(4L, 2L);
        assertThat(store.read(either, 0, Direction.FORWARDS, Long.MAX_VALUE)).hasSize(3);
    }

    @Test
    void a_subscription_is_asked_for_batches() throws Exception {
        long checkpoint;
        // region subscribe
        try (Subscription subscription = store.subscribe(Query.category("card"), 0)) {
            Batch batch = subscription.next(100, Duration.ofSeconds(1));
            for (RecordedEvent event : batch.events()) {
                handle(event);
            }
            checkpoint = batch.position(); // keep it: the next subscription begins after it
        }
        // endregion
        assertThat(checkpoint).isEqualTo(4);
        assertThat(handled).containsExactly(1L, 2L, 3L, 4L);
    }

    private final List<Long> handled = new ArrayList<>();

    private void handle(RecordedEvent event) {
        handled.add(event.position());
    }

    @Test
    void a_follower_goes_on_at_its_checkpoint() throws Exception {
        Checkpoints checkpoints = new MemoryCheckpoints();
        // region follower
        try (Follower mails = Follower.start("mails", store, Query.all(), checkpoints, this::handle)) {
            mails.await(store.head(), LONG);
        }
        // endregion
        assertThat(handled).containsExactly(1L, 2L, 3L, 4L);
        cards.handle(SECOND, new Command.Block("lost"));
        try (Follower mails = Follower.start("mails", store, Query.all(), checkpoints, this::handle)) {
            assertThat(mails.await(5, LONG)).isTrue();
        }
        assertThat(handled).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    // region documents
    /** What all cards of one customer are worth. */
    private final Projection<Documents<Long>> issued = Projection.<CardEvent, Long>documents("issued", 1, codec)
            .on(
                    CardEvent.Issued.class,
                    event -> event.event().customer(),
                    (cents, event) ->
                            (cents == null ? 0 : cents) + event.event().cents())
            .build();
    // endregion

    @Test
    void a_projection_fills_documents_in_sqlite() throws Exception {
        // region sqlite
        ReadDatabase database = new ReadDatabase(Sqlite.open(folder.resolve("read.db")));
        DocumentCodec<Long> text = DocumentCodec.of(String::valueOf, Long::valueOf);
        Optional<Long> ofAda;
        try (Follower follower = database.run(store, issued, text)) {
            long position = cards.handle(StreamId.of("card-0001"), new Command.Issue("ada", 700))
                    .position();
            follower.await(position, LONG); // from here on, what is read shows the write above
            ofAda = database.document("issued", "ada", text);
        }
        // endregion
        assertThat(ofAda).contains(5_700L);
    }

    @Test
    void a_projection_fills_tables_of_its_own() throws Exception {
        // region sql
        SqlProjection takings = SqlProjection.<CardEvent>declare("takings", 1, codec)
                .table("takings", "till TEXT PRIMARY KEY, cents BIGINT NOT NULL")
                .on(
                        CardEvent.Redeemed.class,
                        (sql, event) -> sql.update(
                                "INSERT INTO " + sql.table("takings") + " VALUES (?, ?)"
                                        + " ON CONFLICT (till) DO UPDATE SET cents = cents + excluded.cents",
                                event.event().till(),
                                event.event().cents()))
                .build();
        // endregion
        DataSource sqlite = Sqlite.open(folder.resolve("read.db"));
        try (Follower follower = new ReadDatabase(sqlite).run(store, takings)) {
            assertThat(follower.await(store.head(), LONG)).isTrue();
        }
        assertThat(takingsOf(sqlite, "till-2")).isEqualTo(1_200);
    }

    private static long takingsOf(DataSource database, String till) throws SQLException {
        // region readers
        try (var connection = database.getConnection();
                var query = connection.prepareStatement("SELECT cents FROM takings WHERE till = ?")) {
            query.setString(1, till);
            try (var rows = query.executeQuery()) {
                return rows.next() ? rows.getLong("cents") : 0;
            }
        }
        // endregion
    }

    @Test
    void a_fold_can_be_asked_for_at_any_point_of_the_past() {
        // region live
        Live<Long> redeemed =
                Live.of(store, Query.types("AmountRedeemed"), 0L, (cents, event) -> cents + centsOf(event));
        long now = redeemed.now();
        long atNoon = redeemed.asOf(NOON);
        long upToTheThirdEvent = redeemed.at(3);
        // endregion
        assertThat(now).isEqualTo(2_000);
        assertThat(atNoon).isEqualTo(1_200);
        assertThat(upToTheThirdEvent).isEqualTo(1_200);
        assertThat(Live.of(store, issued).asOf(NOON).all()).isEqualTo(Map.of("ada", 5_000L));
    }

    private long centsOf(RecordedEvent event) {
        return codec.decode(event) instanceof CardEvent.Redeemed redeemed ? redeemed.cents() : 0;
    }

    @Test
    void a_stream_has_a_state_at_each_version_and_as_of_each_time() {
        // region travel
        State atVersion1 = cards.stateAt(FIRST, 1).state();
        State atNoon = cards.stateAsOf(FIRST, NOON).state();
        State now = cards.state(FIRST).state();
        // endregion
        assertThat(atVersion1.cents()).isEqualTo(5_000);
        assertThat(atNoon.cents()).isEqualTo(3_800);
        assertThat(now.cents()).isEqualTo(3_000);
    }
}
