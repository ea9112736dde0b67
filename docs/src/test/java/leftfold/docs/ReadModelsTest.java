// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import leftfold.decider.CommandHandler;
import leftfold.docs.GiftCard.CardEvent;
import leftfold.docs.GiftCard.Command;
import leftfold.docs.GiftCard.State;
import leftfold.jackson.JsonCodec;
import leftfold.jdbc.DeadLetter;
import leftfold.jdbc.DocumentCodec;
import leftfold.jdbc.DocumentProjection;
import leftfold.jdbc.ProjectionMetrics;
import leftfold.jdbc.ProjectionStatus;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.ReadModels;
import leftfold.jdbc.Rebuild;
import leftfold.jdbc.Replay;
import leftfold.jdbc.RowChange;
import leftfold.jdbc.Sqlite;
import leftfold.memory.MemoryEventStore;
import leftfold.projection.Documents;
import leftfold.projection.FailurePolicy;
import leftfold.projection.Freshness;
import leftfold.projection.InlineStore;
import leftfold.projection.Keys;
import leftfold.projection.MemoryReadModel;
import leftfold.projection.Projection;
import leftfold.store.EventStore;
import leftfold.store.StreamId;
import leftfold.subscription.Follower;
import leftfold.testkit.ProjectionFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/08-running-read-models.md. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ReadModelsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final StreamId FIRST = StreamId.of("card-7F3A");

    private final JsonCodec<CardEvent> codec = JsonCodec.of(CardEvent.class);
    private final DocumentCodec<Long> text = DocumentCodec.of(String::valueOf, Long::valueOf);
    private final EventStore store = new MemoryEventStore();
    private final CommandHandler<Command, CardEvent, State> cards =
            CommandHandler.builder(store, new GiftCard(), codec).build();

    @TempDir
    private Path folder;

    // region keys
    /** What each card is worth. */
    private final Projection<Documents<Long>> worth = Projection.<CardEvent, Long>documents("worth", 1, codec)
            .onEach(
                    CardEvent.Issued.class,
                    Keys.stream(),
                    (cents, event) -> event.event().cents())
            .onEach(
                    CardEvent.Redeemed.class,
                    Keys.stream(),
                    (cents, event) ->
                            (cents == null ? 0 : cents) - event.event().cents())
            .onDelete(CardEvent.Blocked.class, event -> event.stream().value())
            .onFailure(FailurePolicy.PARK)
            .build();
    // endregion

    @BeforeEach
    void fill() {
        cards.handle(FIRST, new Command.Issue("ada", 5_000));
        cards.handle(FIRST, new Command.Redeem("till-2", 1_200));
        cards.handle(StreamId.of("card-9C01"), new Command.Issue("bob", 3_000));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void documents_gather_what_a_tag_or_a_visit_has() {
        // region tags
        Projection<Documents<Long>> byCustomer = Projection.<CardEvent, Long>documents("by-customer", 1, codec)
                .onEach(
                        CardEvent.Issued.class,
                        Keys.tag("customer"), // or Keys.correlation()
                        (cards, event) -> cards == null ? 1 : cards + 1)
                .build();
        // endregion
        MemoryReadModel<Long> model = MemoryReadModel.of(byCustomer);
        InlineStore.over(store, model);
        assertThat(model.get("ada")).contains(1L);
    }

    @Test
    void documents_of_different_keys_are_folded_side_by_side() throws Exception {
        // region parallel
        Projection<Documents<Long>> visits = Projection.<CardEvent, Long>documents("visits", 1, codec)
                .onEach(CardEvent.Redeemed.class, Keys.stream(), (count, event) -> count == null ? 1 : count + 1)
                .parallel(4)
                .build();
        // endregion
        ReadDatabase database = new ReadDatabase(Sqlite.open(folder.resolve("visits.db")));
        try (Follower follower = database.run(store, visits, text)) {
            assertThat(follower.await(store.head(), LONG)).isTrue();
        }
        assertThat(database.document("visits", "card-7F3A", text)).contains(1L);
    }

    @Test
    void meters_say_where_projections_stand() throws Exception {
        ReadDatabase database = new ReadDatabase(Sqlite.open(folder.resolve("metered.db")));
        try (Follower follower = database.run(store, worth, text)) {
            assertThat(follower.await(store.head(), LONG)).isTrue();
        }
        MeterRegistry registry = new SimpleMeterRegistry();
        // region metrics
        new ProjectionMetrics(database.models(), store).bindTo(registry);
        // endregion
        assertThat(registry.get("leftfold.projection.lag.events")
                        .tag("projection", "worth")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void a_model_in_memory_is_inline_or_followed() throws Exception {
        // region inline
        MemoryReadModel<Long> model = MemoryReadModel.of(worth);
        EventStore inline = InlineStore.over(store, model); // folds what is there; append through it from now on
        CommandHandler<Command, CardEvent, State> desk =
                CommandHandler.builder(inline, new GiftCard(), codec).build();
        desk.handle(FIRST, new Command.Redeem("till-1", 800));
        Optional<Long> left = model.get("card-7F3A"); // no waiting
        // endregion
        assertThat(left).contains(3_000L);
        MemoryReadModel<Long> followed = MemoryReadModel.of(worth);
        try (Follower follower = followed.follow(store)) {
            assertThat(follower.await(store.head(), LONG)).isTrue();
        }
        assertThat(followed.all()).isEqualTo(model.all());
    }

    @Test
    void a_read_model_is_run_rebuilt_and_rolled_back() throws Exception {
        DataSource source = Sqlite.open(folder.resolve("read.db"));
        // region database
        ReadDatabase database = new ReadDatabase(source); // SQLite or PostgreSQL
        DocumentProjection<Long> projection = new DocumentProjection<>(worth, text);
        Follower follower = database.run(store, projection);
        // endregion
        follower.await(store.head(), LONG);
        // region freshness
        Freshness fresh = Freshness.within(Duration.ofSeconds(2));
        Optional<Long> cents = fresh.read(
                follower::lag,
                () -> database.document("worth", "card-7F3A", text),
                () -> Optional.of(cards.state(FIRST).state().cents())); // or leave this out, and it is refused
        // endregion
        assertThat(cents).contains(3_800L);
        // region rebuild
        try (Rebuild rebuild = database.rebuild(store, List.of(projection))) {
            boolean shown = rebuild.await(Duration.ofMinutes(10));
            // endregion
            assertThat(shown).isTrue();
        }
        // region models
        ReadModels models = database.models();
        for (ProjectionStatus status : models.status(store)) {
            report(status.name(), status.state(), status.lagEvents(), status.lag(), status.eta(), status.deadLetters());
        }
        models.rollback(store, "worth"); // readers see the build before again
        List<DeadLetter> letters = models.deadLetters("worth"); // models.retry("worth", position) tries again
        // endregion
        assertThat(letters).isEmpty();
        follower.close();
        assertThat(models.dropOld("worth")).containsExactly("worth-v1.2");
        assertThat(reported).hasSize(2);
    }

    private final List<List<Object>> reported = new ArrayList<>();

    private void report(Object... what) {
        reported.add(Arrays.asList(what));
    }

    @Test
    void a_replay_tells_what_changed() throws Exception {
        DocumentProjection<Long> projection = new DocumentProjection<>(worth, text);
        List<RowChange> changes = new ArrayList<>();
        // region replay
        Replay replay = Replay.of(store, projection);
        ProjectionStatus then = replay.until(2).into(folder.resolve("then.db"));
        replay.diff(1, 3, changes::add); // row by row what changed between positions 1 and 3
        // endregion
        assertThat(then.position()).isEqualTo(2);
        assertThat(changes).extracting(RowChange::table).containsExactly("worth", "worth");
    }

    @Test
    void a_projection_has_a_fixture() {
        // region fixture
        ProjectionFixture.of(worth, codec)
                .given("card-1", new CardEvent.Issued("ada", 700), new CardEvent.Redeemed("till-1", 200))
                .given("card-2", new CardEvent.Issued("bob", 300), new CardEvent.Blocked("lost"))
                .then("card-1", 500L)
                .thenNothing("card-2")
                .thenTheSameInAnyOrder(42);
        // endregion
    }
}
