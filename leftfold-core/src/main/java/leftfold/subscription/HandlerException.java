// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import leftfold.store.RecordedEvent;

/** A handler failed at one event; the cause says how. */
public final class HandlerException extends Exception {
    private final transient RecordedEvent event;

    /** Creates the exception over what {@code cause} did to {@code event}. */
    public HandlerException(RecordedEvent event, Throwable cause) {
        super(
                "event " + event.id() + " (" + event.type() + ") at position " + event.position() + " failed: " + cause,
                cause);
        this.event = event;
    }

    /** Returns the event. */
    public RecordedEvent event() {
        return event;
    }
}
