// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.time.Duration;
import java.util.Optional;

/** How often and after which pause a follower tries a failing event again. For implementers: a pure function. */
@FunctionalInterface
public interface Backoff {
    /** Returns the pause after {@code failures} failures in a row, from 1; empty to give up. */
    Optional<Duration> pause(int failures);

    /** Returns the backoff that gives up at the first failure. */
    static Backoff none() {
        return failures -> Optional.empty();
    }

    /** Returns the backoff that tries {@code retriesMax} times more, each time after twice the pause before. */
    static Backoff doubling(int retriesMax, Duration first) {
        return failures ->
                failures > retriesMax ? Optional.empty() : Optional.of(first.multipliedBy(1L << (failures - 1)));
    }
}
