// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import leftfold.store.Data;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SnapshotTest {
    private static final StreamId TILL = StreamId.of("till-1");
    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");

    private final WatchedStore store = new WatchedStore();
    private final MemorySnapshots snapshots = new MemorySnapshots();
    private final CommandHandler<Till.Command, Till.Event, Long> handler = handler(snapshots, 1);

    @Test
    void a_snapshot_is_saved_whenever_the_stream_has_grown_enough() {
        handler.handle(TILL, Till.putIn(1L, 1L));
        assertThat(snapshots.load(TILL)).isEmpty();
        handler.handle(TILL, Till.putIn(1L));
        assertThat(snapshots.load(TILL)).contains(new Snapshot(TILL, 3, 1, Data.json("3")));
        handler.handle(TILL, Till.putIn(1L));
        assertThat(snapshots.load(TILL)).contains(new Snapshot(TILL, 3, 1, Data.json("3")));
        handler.handle(TILL, Till.putIn(1L, 1L, 1L, 1L));
        assertThat(snapshots.load(TILL)).contains(new Snapshot(TILL, 8, 1, Data.json("8")));
    }

    @Test
    void a_fitting_snapshot_spares_reading_what_is_before_it() {
        handler.handle(TILL, Till.putIn(1L, 2L, 3L));
        store.readsFrom.clear();
        assertThat(handler.state(TILL)).isEqualTo(new StreamState<>(6L, 3, 3));
        assertThat(store.readsFrom).containsExactly(3L, 4L);
    }

    @Test
    void an_outdated_snapshot_is_ignored() {
        handler.handle(TILL, Till.putIn(1L, 2L, 3L));
        snapshots.save(new Snapshot(TILL, 3, 1, Data.json("999")));
        assertThat(handler(snapshots, 2).state(TILL)).isEqualTo(new StreamState<>(6L, 3, 3));
        assertThat(handler.state(TILL).state()).isEqualTo(999);
    }

    @Test
    void a_corrupt_snapshot_is_ignored() {
        handler.handle(TILL, Till.putIn(1L, 2L, 3L));
        snapshots.save(new Snapshot(TILL, 3, 1, Data.json("six")));
        assertThat(handler.state(TILL)).isEqualTo(new StreamState<>(6L, 3, 3));
    }

    @Test
    void a_snapshot_ahead_of_the_stream_is_ignored() {
        handler.handle(TILL, Till.putIn(1L, 2L, 3L));
        snapshots.save(new Snapshot(TILL, 4, 1, Data.json("999")));
        assertThat(handler.state(TILL)).isEqualTo(new StreamState<>(6L, 3, 3));
        assertThat(handler.handle(TILL, Till.takeOut(6)).state()).isZero();
    }

    @Test
    void a_keeper_of_snapshots_that_fails_changes_nothing() {
        Snapshots broken = new Snapshots() {
            @Override
            public Optional<Snapshot> load(StreamId stream) {
                throw new IllegalStateException("no connection");
            }

            @Override
            public void save(Snapshot snapshot) {
                throw new IllegalStateException("no connection");
            }
        };
        assertThat(handler(broken, 1).handle(TILL, Till.putIn(1L, 2L, 3L)))
                .isEqualTo(new Handled<>(6L, List.of(Till.in(1), Till.in(2), Till.in(3)), 3, 3, false));
    }

    @Test
    void a_command_handled_before_the_snapshot_is_still_known() {
        handler.handle(TILL, Till.putIn(1L), CommandContext.of(ID));
        handler.handle(TILL, Till.putIn(2L, 3L));
        assertThat(snapshots.load(TILL)).isPresent();
        assertThat(handler.handle(TILL, Till.putIn(1L), CommandContext.of(ID)))
                .isEqualTo(new Handled<>(1L, List.of(Till.in(1)), 1, 1, true));
        assertThat(store.head()).isEqualTo(3);
    }

    private CommandHandler<Till.Command, Till.Event, Long> handler(Snapshots keeper, int stateVersion) {
        return CommandHandler.builder(store, new Till(), new Till.Events())
                .snapshots(keeper, new Till.States(stateVersion), 3)
                .build();
    }
}
