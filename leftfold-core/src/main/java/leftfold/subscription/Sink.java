// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.util.UUID;
import leftfold.store.Batch;

/**
 * Where followed events go, and where it stands how far they have got. For implementers. Confined to the follower's
 * thread.
 */
public interface Sink extends AutoCloseable {
    /**
     * Returns the sink that gives each event to {@code handler}, at least once, and keeps the checkpoint of {@code
     * follower} in the log with id {@code log}.
     */
    static Sink of(String follower, UUID log, Checkpoints checkpoints, EventHandler handler) {
        return new HandlerSink(follower, log, checkpoints, handler);
    }

    /**
     * Returns the position up to which everything is durably taken; 0 for none. Asked at the start, and again after
     * {@link #take} has failed.
     *
     * @throws SinkUnavailableException if it is to be asked again later
     * @throws Exception if it cannot be known now; a {@link CheckpointException} says why it never will be
     */
    long checkpoint() throws Exception;

    /**
     * Takes the events of {@code batch} and moves the checkpoint to its position. A batch may have no events.
     *
     * @throws HandlerException if one event is to blame; {@link #checkpoint} then tells what was taken
     * @throws SinkUnavailableException if it cannot take any now; the follower begins anew at the checkpoint
     * @throws Exception if it failed otherwise; the same as with a failing event
     */
    void take(Batch batch) throws Exception;

    /**
     * Returns the position up to which it can take events now, such as that of another read model which it looks into;
     * asked before each batch.
     *
     * @throws Exception if it cannot be known, as with {@link #take}
     */
    default long limit() throws Exception {
        return Long.MAX_VALUE;
    }

    /**
     * Puts aside the event that {@code failure} is about, which was tried for the last time, moves the checkpoint to
     * its position, and returns true; false if the follower is to stop there.
     *
     * @throws Exception if that failed; the follower then stops
     */
    default boolean park(HandlerException failure) throws Exception {
        return false;
    }

    /**
     * Does what is due now and then. Called after each batch, and several times a second while there is none.
     *
     * @throws Exception if it failed, as with {@link #take}
     */
    default void betweenBatches() throws Exception {}

    /** Gives back what the sink holds; the follower has ended. */
    @Override
    default void close() {}
}
