// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.concurrent.CompletableFuture;
import leftfold.store.Append;
import leftfold.store.AppendResult;

/** An append whose caller waits for the result. */
record Waiting(Append append, CompletableFuture<AppendResult> result) {
    Waiting(Append append) {
        this(append, new CompletableFuture<>());
    }
}
