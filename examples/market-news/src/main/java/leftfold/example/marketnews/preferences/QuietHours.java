// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.preferences;

import java.time.LocalTime;

/**
 * When a reader wants no notification, by the reader's own clock. Immutable.
 *
 * @param until exclusive; before {@code from} where the hours go past midnight
 */
public record QuietHours(LocalTime from, LocalTime until) {}
