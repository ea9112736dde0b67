// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What a store's writer answers a caller who waits for it. For implementers of stores. */
public final class WriterAnswer {
    private WriterAnswer() {}

    /**
     * Waits until {@code answer} is complete, whatever interrupts the thread meanwhile, and returns what it completed
     * with. What it failed with is thrown, with this thread's stack, so that a caller sees where the append was made.
     */
    public static <T extends @Nullable Object> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                failure.setStackTrace(new Throwable().getStackTrace());
                throw failure;
            }
            throw new AssertionError("a writer fails with unchecked exceptions only", e.getCause());
        }
    }
}
