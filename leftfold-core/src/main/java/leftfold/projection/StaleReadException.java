// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.time.Duration;

/** A read model is further behind than the caller can live with. Try again later, or ask for less. */
public final class StaleReadException extends RuntimeException {
    private final Duration lag;

    /** Creates the exception for a read model that is {@code lag} behind, where {@code limit} was asked for. */
    public StaleReadException(Duration limit, Duration lag) {
        super("the read model is " + lag.toMillis() + " ms behind, more than the " + limit.toMillis()
                + " ms asked for; try again later, or look at why its projection does not keep up");
        this.lag = lag;
    }

    /** Returns how far behind it is. */
    public Duration lag() {
        return lag;
    }
}
