// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class WriterAnswerTest {
    @Test
    void what_the_writer_completes_is_returned() {
        assertThat(WriterAnswer.await(CompletableFuture.completedFuture("done")))
                .isEqualTo("done");
    }

    @Test
    void a_failure_is_thrown_as_it_is_and_says_where_it_was_waited_for() throws InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread writer = Thread.ofPlatform().start(failing(answer));
        writer.join();

        assertThatThrownBy(() -> WriterAnswer.await(answer))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessage("the disk is full")
                .hasStackTraceContaining("says_where_it_was_waited_for");
    }

    private static Runnable failing(CompletableFuture<String> answer) {
        return () -> answer.completeExceptionally(new StoreException.Unavailable("the disk is full", null));
    }

    @Test
    void an_interrupt_does_not_end_the_waiting_and_is_kept() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread.currentThread().interrupt();
        Thread.ofPlatform().start(() -> answer.complete("done"));

        assertThat(WriterAnswer.await(answer)).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_checked_exception_is_a_mistake_of_the_writer() {
        CompletableFuture<String> answer = CompletableFuture.failedFuture(new IOException("no"));

        assertThatThrownBy(() -> WriterAnswer.await(answer))
                .isInstanceOf(AssertionError.class)
                .hasRootCauseMessage("no");
    }
}
