// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import leftfold.store.RecordedEvent;

/** A projection's handler failed while it ran live; the read model it was building is gone. */
public final class ProjectionException extends RuntimeException {
    /** Creates the exception over what {@code cause} did to {@code event}. */
    public ProjectionException(ProjectionId id, RecordedEvent event, Throwable cause) {
        super(
                "projection " + id + " failed at position " + event.position() + ", event " + event.id() + " ("
                        + event.type() + "): " + cause,
                cause);
    }
}
