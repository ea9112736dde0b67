// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/** Events of another log on their way to the writer, and where their caller waits. */
record PendingRestore(List<RecordedEvent> events, CompletableFuture<@Nullable Void> result) {}
