// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.interactions;

import java.time.Instant;

/** What a reader can do with the feed. */
public sealed interface InteractionsCommand {
    /** Returns the reader's id. */
    String reader();

    /** Open an article. */
    record Open(String reader, String article, Instant at) implements InteractionsCommand {}

    /** Dismiss an article. */
    record Dismiss(String reader, String article, Instant at) implements InteractionsCommand {}
}
