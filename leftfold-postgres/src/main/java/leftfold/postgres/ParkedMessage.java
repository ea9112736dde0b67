// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.time.Instant;

/**
 * A message that could not be delivered and was put aside. Immutable.
 *
 * @param published the message
 * @param parkedAt when it was put aside, by the database's clock
 * @param attempts how often it was tried
 * @param reason why the last try failed
 */
public record ParkedMessage(PublishedMessage published, Instant parkedAt, int attempts, String reason) {}
