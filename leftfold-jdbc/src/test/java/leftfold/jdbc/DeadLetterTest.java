// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import leftfold.projection.FailurePolicy;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events that a handler fails at. */
class DeadLetterTest extends AtWorkplace {
    private final AtomicBoolean lucky = new AtomicBoolean();

    @Test
    void a_parked_event_is_put_aside_with_its_cause_and_the_projection_goes_on() throws Exception {
        here.deposit("ann", 1);
        here.deposit("bob", 13);
        long last = here.deposit("cid", 2);
        assertThat(run(FailurePolicy.PARK).await(last, LONG)).isTrue();
        assertThat(here.number("SELECT SUM(amount) FROM counted")).isEqualTo(3);
        List<DeadLetter> letters = here.models().deadLetters("counted");
        assertThat(letters).hasSize(1);
        DeadLetter letter = letters.getFirst();
        assertThat(letter.position()).isEqualTo(2);
        assertThat(letter.eventId())
                .isEqualTo(here.store.readStream(Bank.STREAM).toList().get(1).id());
        assertThat(letter.stream()).isEqualTo(Bank.STREAM.value());
        assertThat(letter.type()).isEqualTo("Deposited");
        assertThat(letter.cause()).contains("thirteen is too much");
        assertThat(status().deadLetters()).isEqualTo(1);
    }

    @Tag("slow")
    @Test
    void a_dead_letter_is_tried_again_when_asked_for_and_counts_once() throws Exception {
        here.deposit("bob", 13);
        long last = here.deposit("cid", 2);
        assertThat(run(FailurePolicy.PARK).await(last, LONG)).isTrue();
        assertThat(here.models().retry("counted", 1)).isTrue();
        Workplace.until(() -> !here.models().deadLetters("counted").getFirst().retrying());
        assertThat(here.number("SELECT SUM(amount) FROM counted")).isEqualTo(2);
        lucky.set(true);
        assertThat(here.models().retry("counted", 1)).isTrue();
        Workplace.until(() -> here.models().deadLetters("counted").isEmpty());
        assertThat(here.number("SELECT SUM(amount) FROM counted")).isEqualTo(15);
        assertThat(here.models().retry("counted", 1)).isFalse();
    }

    @Test
    void a_dead_letter_can_be_dropped() throws Exception {
        long last = here.deposit("bob", 13);
        assertThat(run(FailurePolicy.PARK).await(last, LONG)).isTrue();
        assertThat(here.models().dropDeadLetter("counted", last)).isTrue();
        assertThat(here.models().deadLetters("counted")).isEmpty();
        assertThat(here.models().dropDeadLetter("counted", last)).isFalse();
    }

    @Test
    void a_projection_that_stops_tells_any_process_at_which_event_and_why() throws Exception {
        here.deposit("ann", 1);
        here.deposit("bob", 13);
        Follower follower = run(FailurePolicy.STOP);
        assertThat(follower.await(2, LONG)).isFalse();
        Workplace.until(() -> status().failure() != null);
        ProjectionStatus.Failure failure = Objects.requireNonNull(status().failure());
        assertThat(failure.position()).isEqualTo(2);
        assertThat(failure.eventId())
                .isEqualTo(here.store.readStream(Bank.STREAM).toList().get(1).id());
        assertThat(failure.cause()).contains("thirteen is too much");
        assertThat(status().position()).isEqualTo(1);
        lucky.set(true);
        assertThat(run(FailurePolicy.STOP).await(2, LONG)).isTrue();
        assertThat(status().failure()).isNull();
    }

    private Follower run(FailurePolicy policy) {
        return here.run(Workplace.superstitious(policy, lucky::get));
    }

    private ProjectionStatus status() {
        return here.models().status(here.store).getFirst();
    }
}
