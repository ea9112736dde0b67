// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.time.Instant;

/**
 * A message as it lies in the outbox. Immutable.
 *
 * @param position its place in the outbox; grows in the order of commits
 * @param publishedAt when it was published, by the database's clock
 * @param message the message
 */
public record PublishedMessage(long position, Instant publishedAt, OutboxMessage message) {}
