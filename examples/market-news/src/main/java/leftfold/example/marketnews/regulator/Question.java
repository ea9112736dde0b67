// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.regulator;

import java.time.Instant;

/**
 * Why did {@code article} have its score for {@code reader} at {@code asOf}? Immutable.
 *
 * @param asOf a time of the store's clock, as in an event's recordedAt
 */
public record Question(String article, String reader, Instant asOf) {}
