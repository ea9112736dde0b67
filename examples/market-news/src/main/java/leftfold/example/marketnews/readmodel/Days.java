// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.readmodel;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** The market's days, which are those of UTC: the same wherever a projection runs. */
final class Days {
    private Days() {}

    /** Returns the day on which {@code instant} lies. */
    static LocalDate of(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toLocalDate();
    }
}
