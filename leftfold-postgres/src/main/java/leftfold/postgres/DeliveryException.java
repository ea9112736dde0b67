// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A target did not take a message; by what kind of exception it says whether to try again. The message is a reason that
 * an operator reads: it must not quote what may be personal.
 */
public abstract sealed class DeliveryException extends RuntimeException {
    private DeliveryException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }

    /** The target takes nothing at present, whatever the message: it is waited for, without an end. */
    public static final class Unavailable extends DeliveryException {
        private final Duration retryAfter;

        /** Creates the exception; the next try comes after {@code retryAfter} at the earliest. */
        public Unavailable(String reason, Duration retryAfter, @Nullable Throwable cause) {
            super(reason, cause);
            this.retryAfter = retryAfter;
        }

        /** Returns how long the target wants to be left alone; zero if it does not say. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** It may or may not be the message's fault: tried again a limited number of times, then parked. */
    public static final class Failed extends DeliveryException {
        /** Creates the exception. */
        public Failed(String reason, @Nullable Throwable cause) {
            super(reason, cause);
        }
    }

    /** The target will never take this message: parked at once. */
    public static final class Rejected extends DeliveryException {
        /** Creates the exception. */
        public Rejected(String reason, @Nullable Throwable cause) {
            super(reason, cause);
        }
    }
}
