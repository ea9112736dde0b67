// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.time.Instant;
import leftfold.schema.EventCodec;
import leftfold.schema.SchemaException;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;

/**
 * An event as handlers see it: what it means to the program, and what the log says of it. Immutable.
 *
 * @param <E> the program's events
 * @param event what it means
 * @param recorded what the log says
 */
public record TypedEvent<E>(E event, RecordedEvent recorded) {
    /**
     * Returns {@code recorded} as {@code codec} reads it.
     *
     * @throws SchemaException if it cannot be read
     */
    public static <E> TypedEvent<E> decode(EventCodec<E> codec, RecordedEvent recorded) {
        return new TypedEvent<>(codec.decode(recorded), recorded);
    }

    /** Returns its place in the log. */
    public long position() {
        return recorded.position();
    }

    /** Returns the stream it belongs to. */
    public StreamId stream() {
        return recorded.stream();
    }

    /** Returns when the store took it. */
    public Instant recordedAt() {
        return recorded.recordedAt();
    }

    /** Returns why it is there. */
    public Metadata metadata() {
        return recorded.metadata();
    }
}
