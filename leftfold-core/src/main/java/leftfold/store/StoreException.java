// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What can go wrong in a store, as one sealed family: a caller handles each by its kind, never by its text. */
public abstract sealed class StoreException extends RuntimeException {
    private StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** A condition of an append did not hold. Nothing was written; read again and decide again. */
    public static final class Conflict extends StoreException {
        private final AppendCondition condition;
        private final long found;

        /**
         * Creates a conflict.
         *
         * @param found the stream's version, or the position of the first event that matches the condition's query
         */
        public Conflict(AppendCondition condition, long found) {
            super(describe(condition, found), null);
            this.condition = condition;
            this.found = found;
        }

        /** Returns the condition that did not hold. */
        public AppendCondition condition() {
            return condition;
        }

        /** Returns the expected version, 1 where the stream just had to exist, or the condition's position. */
        public long expected() {
            return switch (condition) {
                case AppendCondition.StreamAt at -> at.version();
                case AppendCondition.StreamExists exists -> 1;
                case AppendCondition.NothingSince since -> since.position();
            };
        }

        /** Returns the stream's version, or the position of the first event that matches the condition's query. */
        public long found() {
            return found;
        }

        private static String describe(AppendCondition condition, long found) {
            return switch (condition) {
                case AppendCondition.StreamAt at ->
                    "stream " + Text.shown(at.stream().value()) + " is at version " + found + ", not at "
                            + at.version();
                case AppendCondition.StreamExists exists ->
                    "stream " + Text.shown(exists.stream().value()) + " does not exist";
                case AppendCondition.NothingSince since ->
                    "an event at position " + found + " matches the condition's query, after position "
                            + since.position();
            };
        }
    }

    /**
     * An event id of an append is already in its stream, but not as part of these same events. Nothing was written.
     */
    public static final class EventIdConflict extends StoreException {
        private final StreamId stream;
        private final UUID id;
        private final long version;

        /** Creates a conflict over the event with {@code id}, found in {@code stream} at {@code version}. */
        public EventIdConflict(StreamId stream, UUID id, long version) {
            super(
                    "event id " + id + " is already in stream " + Text.shown(stream.value()) + " at version " + version
                            + ", with other events around it; use new ids for new events",
                    null);
            this.stream = stream;
            this.id = id;
            this.version = version;
        }

        /** Returns the stream. */
        public StreamId stream() {
            return stream;
        }

        /** Returns the id. */
        public UUID id() {
            return id;
        }

        /** Returns the version at which the id was found. */
        public long version() {
            return version;
        }
    }

    /** Events to restore do not go on where the log ends. Nothing was written; the message says what does not fit. */
    public static final class DoesNotFit extends StoreException {
        private final long position;

        /**
         * Creates the exception.
         *
         * @param event the first that does not fit
         * @param reason what was found instead
         */
        public DoesNotFit(RecordedEvent event, String reason) {
            super(
                    "the event at position " + event.position() + ", version " + event.version() + " of "
                            + Text.shown(event.stream().value()) + ", does not fit: " + reason,
                    null);
            this.position = event.position();
        }

        /** Returns the position that the first event that does not fit was to have. */
        public long position() {
            return position;
        }
    }

    /**
     * Whether the append was accepted is not known: the store failed while it was made durable. Append the same events
     * again: that is idempotent, and its answer is final. {@link EventStore#find} says whether they are there now; in a
     * database that stood still they may yet come.
     */
    public static final class OutcomeUnknown extends StoreException {
        /** Creates the exception. */
        public OutcomeUnknown(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The store cannot do this now. Nothing was written; the message says what to do. */
    public static final class Unavailable extends StoreException {
        /** Creates the exception. */
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** There is no store that this program can use at the location. Nothing was changed; the message says why. */
    public static final class CannotOpen extends StoreException {
        /** Creates the exception. */
        public CannotOpen(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Stored bytes are not what was written. The rest of the store stays readable. */
    public static final class Corrupt extends StoreException {
        private final String file;
        private final long offset;

        /**
         * Creates the exception.
         *
         * @param file the damaged file
         * @param offset where the damage begins, in bytes from the file's start
         * @param reason what was expected and what was found
         */
        public Corrupt(String file, long offset, String reason) {
            super(file + " is damaged at byte " + offset + ": " + reason, null);
            this.file = file;
            this.offset = offset;
        }

        /** Returns the damaged file. */
        public String file() {
            return file;
        }

        /** Returns where the damage begins, in bytes from the file's start. */
        public long offset() {
            return offset;
        }
    }
}
