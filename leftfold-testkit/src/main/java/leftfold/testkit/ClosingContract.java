// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.CheckedSubscription.LONG;
import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.Subscription;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The part of the contract about the end of a store's use. */
interface ClosingContract extends StoreContract {
    @Test
    default void a_closed_store_refuses_every_use() {
        Event event = events(1).getFirst();
        append(ORDER_1, event);
        store().close();

        List<ThrowingCallable> uses = List.of(
                () -> append(ORDER_1, events(1)),
                () -> append(ORDER_1, event),
                () -> store().read(Query.all(), 0, Direction.FORWARDS, 1),
                () -> store().readStream(ORDER_1),
                () -> store().find(ORDER_1, event.id()),
                () -> store().subscribe(Query.all(), 0),
                () -> store().streamVersion(ORDER_1),
                () -> store().head(),
                () -> store().positionAt(clock().instant()),
                () -> store().streams());
        for (ThrowingCallable use : uses) {
            assertThatIllegalStateException().isThrownBy(use);
        }
    }

    @Test
    default void closing_twice_does_nothing() {
        append(ORDER_1, events(1));
        assertThat(log()).hasSize(1);

        store().close();
        store().close();

        assertThatIllegalStateException().isThrownBy(() -> store().head());
    }

    @Test
    default void closing_the_store_closes_its_subscriptions() throws Exception {
        append(ORDER_1, events(2));
        Subscription subscription = store().subscribe(Query.all(), 0);
        assertThat(subscription.next(1, LONG).events()).hasSize(1);

        store().close();

        assertThatIllegalStateException().isThrownBy(() -> subscription.next(1, Duration.ZERO));
        subscription.close();
    }

    @Test
    default void closing_the_store_ends_a_wait_in_another_thread() throws Exception {
        append(ORDER_1, events(1));
        Subscription subscription = store().subscribe(Query.all(), 0);
        assertThat(subscription.next(1, LONG).events()).hasSize(1);
        List<Boolean> ended = Together.run(List.<Callable<Boolean>>of(
                () -> {
                    assertThatIllegalStateException().isThrownBy(() -> subscription.next(1, Duration.ofDays(1)));
                    return true;
                },
                () -> {
                    store().close();
                    return true;
                }));

        assertThat(ended).containsExactly(true, true);
    }

    @Test
    default void an_append_while_the_store_closes_is_done_or_refused() throws Exception {
        append(ORDER_1, events(1));
        CountDownLatch accepted = new CountDownLatch(20);
        Callable<Long> appending = () -> appendUntilClosed(accepted);
        List<Long> versions = Together.run(List.of(appending, appending, appending, () -> {
            accepted.await();
            store().close();
            return 0L;
        }));

        assertThat(versions).anyMatch(version -> version > 20);
        assertThatIllegalStateException().isThrownBy(() -> append(ORDER_1, events(1)));
    }

    /** Appends until the store is closed, counts down for each append, and returns the last version that it wrote. */
    default long appendUntilClosed(CountDownLatch accepted) {
        long last = 0;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                AppendResult result = append(ORDER_1, events(1));
                assertThat(result.version()).isGreaterThan(last);
                last = result.version();
                accepted.countDown();
            }
        } catch (IllegalStateException closed) {
            return last;
        }
        throw new AssertionError("the store still takes appends");
    }
}
