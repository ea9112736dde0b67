// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * One totally ordered, append-only log of events. For callers; {@code EventStoreContract} in the testkit says exactly
 * what every implementation does. Safe for use by many threads, virtual ones too.
 *
 * <p>Order is promised within a stream and within a log, nowhere else. Every method throws {@link StoreException} for
 * what can go wrong in a store, {@link IllegalArgumentException} for a caller's mistake, and
 * {@link IllegalStateException} once the store is closed.
 */
public interface EventStore extends AutoCloseable {
    /** Returns the identity of the log, given at its creation: a checkpoint belongs to exactly one log. */
    UUID id();

    /**
     * Appends all events or none, and returns once they survive a crash.
     *
     * <p>Idempotent by event id within a stream, forever: if every write's events are already in its stream, one
     * after the other, the append succeeds again with its first outcome. A {@link AppendCondition.StreamAt} on a
     * written stream must then be the same as the first time; no other condition is looked at again.
     *
     * @throws StoreException.Conflict if a condition does not hold; nothing was written
     * @throws StoreException.EventIdConflict if some ids are already in their stream, but not as the same events in
     *     the same order; nothing was written
     * @throws StoreException.OutcomeUnknown if the store failed while making the append durable
     * @throws StoreException.Unavailable if the store cannot take appends now; nothing was written
     */
    AppendResult append(Append append);

    /** Appends {@code writes} under {@code conditions}; see {@link #append(Append)}. */
    default AppendResult append(List<StreamWrite> writes, List<AppendCondition> conditions) {
        return append(new Append(writes, conditions));
    }

    /**
     * Appends to one stream that must be at {@code expectedVersion}; see {@link #append(Append)}.
     *
     * @param expectedVersion the version of the stream's last event; 0 if the stream must not exist
     */
    default AppendResult append(StreamId stream, long expectedVersion, List<Event> events) {
        return append(
                List.of(new StreamWrite(stream, events)),
                List.of(new AppendCondition.StreamAt(stream, expectedVersion)));
    }

    /**
     * Returns the events that match {@code query}, in log order or its reverse, as the log stands at this call. Close
     * the stream after use. Memory is bounded, whatever the size. Confined to one thread.
     *
     * @param from the position of the first event that may be returned; forwards, 0 and 1 mean the log's beginning;
     *     backwards, anything at or above {@link #head()} means its end
     * @param limit the most events to return; {@link Long#MAX_VALUE} for all
     * @throws IllegalArgumentException if {@code from} or {@code limit} is negative
     */
    Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit);

    /**
     * Returns the events of one stream by version; an empty stream if it does not exist. Otherwise as {@link #read}.
     *
     * @param from the version of the first event to return; forwards, 0 and 1 mean the stream's beginning;
     *     backwards, anything at or above its version means its end
     * @throws IllegalArgumentException if {@code from} or {@code limit} is negative
     */
    Stream<RecordedEvent> readStream(StreamId stream, long from, Direction direction, long limit);

    /** Returns all events of one stream, oldest first; see {@link #readStream(StreamId, long, Direction, long)}. */
    default Stream<RecordedEvent> readStream(StreamId stream) {
        return readStream(stream, 1, Direction.FORWARDS, Long.MAX_VALUE);
    }

    /** Returns the event with this id in {@code stream}, if it is there: how to learn an unknown outcome. */
    Optional<RecordedEvent> find(StreamId stream, UUID id);

    /**
     * Follows the events that match {@code query} and lie after {@code after}: each exactly once, in log order,
     * without a gap between what is already there and what is still to come.
     *
     * @param after the last position that the follower has finished; 0 for none. It may lie ahead of the log.
     * @throws IllegalArgumentException if {@code after} is negative
     */
    Subscription subscribe(Query query, long after);

    /** Returns the version of the stream's last event; 0 if it does not exist. */
    long streamVersion(StreamId stream);

    /** Returns the position of the last event; 0 if there is none. */
    long head();

    /** Returns the position of the last event recorded at or before {@code instant}; 0 if there is none. */
    long positionAt(Instant instant);

    /** Returns every stream with its version, in the order of their first events. Close the stream after use. */
    Stream<StreamVersion> streams();

    /** Closes the store and its subscriptions. Appends under way finish first. Closing twice does nothing. */
    @Override
    void close();
}
