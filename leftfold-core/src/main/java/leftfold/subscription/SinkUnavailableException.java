// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import org.jspecify.annotations.Nullable;

/**
 * A sink cannot take events now, through no fault of theirs: its database is away, or another runner has the right to
 * write. The follower waits and begins anew at the sink's checkpoint, without end. Nothing was taken, or it is not
 * known.
 */
public final class SinkUnavailableException extends Exception {
    /** Creates the exception; {@code reason} is one line for the status. */
    public SinkUnavailableException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
