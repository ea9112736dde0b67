// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.events;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import org.junit.jupiter.api.Test;

/** The part of the contract that holds for stores that outlive their process. */
interface DurabilityContract extends StoreContract {
    /** Closes the store and opens it again, on the same log. */
    EventStore reopen();

    @Test
    default void everything_is_there_again() {
        append(ORDER_1, events(3));
        List<RecordedEvent> before = log();

        reopen();

        assertThat(before).hasSize(3);
        assertThat(log()).isEqualTo(before);
    }
}
