// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import leftfold.store.AppendResult;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.store.RestorableStore;
import leftfold.store.StoreException;
import leftfold.store.StreamVersion;
import org.junit.jupiter.api.Test;

/**
 * The part of the contract that holds for every {@link RestorableStore} that outlives its process. For implementers of
 * stores: let the class that extends {@link DurableEventStoreContract} implement this, too.
 */
public interface DurableRestoreContract extends RestoreContract {
    /** Closes the store and opens it again, on the same log. */
    EventStore reopen();

    @Test
    default void restored_events_are_there_again_and_the_log_has_its_own_id() {
        UUID id = store().id();
        List<RecordedEvent> log = restoreRandom(31, 100);
        reopen();

        assertThat(log()).hasSizeGreaterThan(100).isEqualTo(log);
        assertThat(store().id()).isEqualTo(id);
        for (RecordedEvent event : log) {
            assertThat(store().find(event.stream(), event.id())).contains(event);
        }
    }

    @Test
    default void restoring_goes_on_after_opening_again() {
        List<RecordedEvent> log = OtherLog.random(32, 40);
        List<RecordedEvent> restored = new ArrayList<>();
        for (int from = 0; from < log.size(); from += 10) {
            assertThat(store().head()).isEqualTo(from);
            List<RecordedEvent> batch = log.subList(from, Math.min(log.size(), from + 10));
            restore(batch);
            restored.addAll(batch);
            reopen();
            assertThat(log()).isEqualTo(restored);
            assertThatThrownBy(() -> restore(batch)).isInstanceOf(StoreException.DoesNotFit.class);
        }
        assertThat(log()).isEqualTo(log);
    }

    @Test
    default void appends_go_on_behind_restored_events_after_opening_again() {
        List<Event> events = events(3);
        List<RecordedEvent> log = OtherLog.of(events);
        restore(log);
        reopen();

        assertThat(store().append(ORDER_1, 0, events))
                .isEqualTo(new AppendResult(3, List.of(new StreamVersion(ORDER_1, 3)), true));
        assertThat(store().append(ORDER_1, 3, events(1)))
                .isEqualTo(new AppendResult(4, List.of(new StreamVersion(ORDER_1, 4)), false));
        assertThat(log()).hasSize(4);
    }

    @Test
    default void refused_events_are_not_there_after_opening_again() {
        List<RecordedEvent> log = OtherLog.of(events(2));
        restore(log);
        RecordedEvent refused = new RecordedEvent(4, ORDER_1, 3, log.getLast().recordedAt(), event("Refused"));
        assertThatThrownBy(() -> restore(List.of(refused))).isInstanceOf(StoreException.DoesNotFit.class);
        reopen();

        assertThat(log()).isEqualTo(log);
        assertThat(store().find(ORDER_1, refused.id())).isEmpty();
    }
}
