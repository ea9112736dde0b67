// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.preferences;

import java.time.LocalTime;
import java.time.ZoneId;

/**
 * When a reader wants no notification. Immutable.
 *
 * @param until exclusive; before {@code from} where the hours go past midnight
 * @param zone where the reader's clock stands
 */
public record QuietHours(LocalTime from, LocalTime until, ZoneId zone) {}
