// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.concurrent.CompletableFuture;
import leftfold.store.Append;
import leftfold.store.AppendResult;

/** An append on its way to the writer thread, and where its caller waits for the answer. */
record PendingAppend(Append append, CompletableFuture<AppendResult> result) {}
