// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.List;
import java.util.UUID;
import leftfold.jdbc.ProjectionStatus.Failure;
import leftfold.jdbc.ProjectionStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * What the read database knows of a build. Immutable.
 *
 * @param build which
 * @param state whether readers see it
 * @param shown the place in the order in which builds were shown to readers; 0 if it never was
 * @param fingerprint of the declaration that it is built with
 * @param views the names under which readers know its tables
 * @param inputs the projections that it looks into
 * @param mark how far it has got
 * @param failure why it stopped; null if it did not
 */
record BuildRow(
        Build build,
        State state,
        long shown,
        String fingerprint,
        List<String> views,
        List<String> inputs,
        Mark mark,
        @Nullable Failure failure) {
    /**
     * How far a build has got, and who may take it further. Immutable.
     *
     * @param log the log that it follows
     * @param position the last position that is finished
     * @param epoch which runner may write: one more with each that takes over
     * @param eventPosition the position of the last event that it took; 0 for none
     * @param eventId that event's id, by which a log with another history is recognized; null for none
     */
    record Mark(
            UUID log,
            long position,
            long epoch,
            long eventPosition,
            @Nullable UUID eventId) {}
}
