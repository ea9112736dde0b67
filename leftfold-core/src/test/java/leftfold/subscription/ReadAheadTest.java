// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import leftfold.store.Batch;
import leftfold.store.Subscription;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReadAheadTest {
    private static final Duration WAIT = Duration.ofMillis(7);

    /** The waits that were asked for. */
    private final BlockingQueue<Duration> asked = new LinkedBlockingQueue<>();

    private final CountDownLatch held = new CountDownLatch(1);
    private boolean holds;
    private long position;
    private long brokenAfter = Long.MAX_VALUE;

    private final ReadAhead ahead = new ReadAhead(new Subscription() {
        @Override
        public Batch next(int eventsMax, Duration wait) throws InterruptedException {
            asked.add(wait);
            if (holds && wait.isZero()) {
                held.await();
            }
            if (position == brokenAfter) {
                throw new IllegalArgumentException("broken");
            }
            return new Batch(List.of(), ++position, 3);
        }

        @Override
        public void close() {}
    });

    @Test
    void the_next_batch_is_read_while_the_last_one_is_taken_and_without_waiting() throws InterruptedException {
        assertThat(ahead.next(10, WAIT).position()).isEqualTo(1);
        assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo(WAIT);
        assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo(Duration.ZERO);
        assertThat(ahead.next(10, WAIT).position()).isEqualTo(2);
        assertThat(ahead.next(10, WAIT).position()).isEqualTo(3);
        ahead.awaitIdle();
        assertThat(asked).containsExactly(Duration.ZERO);
    }

    @Test
    void at_the_end_of_the_log_nothing_is_read_before_it_is_asked_for() throws InterruptedException {
        position = 2;
        assertThat(ahead.next(10, WAIT).position()).isEqualTo(3);
        ahead.awaitIdle();
        assertThat(ahead.next(10, WAIT).position()).isEqualTo(4);
        ahead.awaitIdle();
        assertThat(asked).containsExactly(WAIT, WAIT);
    }

    @Test
    void what_fails_ahead_of_its_time_is_thrown_when_it_is_asked_for() throws InterruptedException {
        brokenAfter = 1;
        assertThat(ahead.next(10, WAIT).position()).isEqualTo(1);
        assertThatThrownBy(() -> ahead.next(10, WAIT)).hasMessage("broken");
        assertThat(asked).containsExactly(WAIT, Duration.ZERO);
    }

    @Test
    void an_interrupt_loses_no_batch() throws InterruptedException {
        holds = true;
        assertThat(ahead.next(10, WAIT).position()).isEqualTo(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> ahead.next(10, WAIT)).isInstanceOf(InterruptedException.class);
        held.countDown();
        assertThat(ahead.next(10, WAIT).position()).isEqualTo(2);
        assertThat(ahead.next(10, WAIT).position()).isEqualTo(3);
    }
}
