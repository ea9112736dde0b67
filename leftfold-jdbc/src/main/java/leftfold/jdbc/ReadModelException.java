// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.List;
import leftfold.projection.ProjectionId;
import leftfold.store.RecordedEvent;
import leftfold.subscription.FollowerStatus;

/** Why a read model cannot be used as asked, as one sealed family. No retry helps; nothing was changed. */
public abstract sealed class ReadModelException extends RuntimeException {
    private ReadModelException(String message) {
        super(message);
    }

    /** The declaration is not the one that the read model was built with, though its version is the same. */
    public static final class DeclarationChanged extends ReadModelException {
        /** Creates the exception. */
        public DeclarationChanged(ProjectionId id) {
            super("the declaration of " + id + " has changed since its read model was built; give it projectionVersion "
                    + (id.projectionVersion() + 1) + ", which is built beside this one");
        }
    }

    /** The read database has something else under a name that the read model needs. */
    public static final class NameTaken extends ReadModelException {
        /** Creates the exception. */
        public NameTaken(ProjectionId id, String name) {
            super("the read database already has something named " + name + ", which " + id
                    + " needs; drop or rename that, or give the projection or its table another name");
        }
    }

    /** The checkpoint is there, but tables are not: the database was restored in part, or somebody dropped them. */
    public static final class TablesMissing extends ReadModelException {
        /** Creates the exception. */
        public TablesMissing(String build, long position, String table) {
            super("the checkpoint of " + build + " is at position " + position + ", but its table " + table
                    + " is gone; restore the whole read database, or rebuild the projection");
        }
    }

    /** Projections are each other's inputs, so that none could ever begin. */
    public static final class Cycle extends ReadModelException {
        /** Creates the exception; {@code names} go round, the first is also the last. */
        public Cycle(List<String> names) {
            super("projections are inputs of each other: " + String.join(" after ", names)
                    + "; take one of these inputs away");
        }
    }

    /** There is nothing of the kind. */
    public static final class NotThere extends ReadModelException {
        /** Creates the exception; {@code what} says what is not there and what there is. */
        public NotThere(String what) {
            super(what);
        }
    }

    /** Somebody else has the right to fill the build. */
    public static final class InUse extends ReadModelException {
        /** Creates the exception. */
        public InUse(String build, String runner) {
            super(build + " is still filled by " + runner + "; stop that first");
        }
    }

    /** A projection stopped at an event, or for another reason that its status tells. */
    public static final class Stopped extends ReadModelException {
        /** Creates the exception. */
        public Stopped(String build, FollowerStatus.State.Failed failed) {
            super(build + " stopped at position " + failed.position()
                    + (failed.eventId() == null ? "" : ", event " + failed.eventId()) + ": "
                    + DeadLetterTable.oneLine(failed.cause()));
            initCause(failed.cause());
        }
    }

    /** A read model is too far behind the log for an append to catch up with it in its own transaction. */
    public static final class Behind extends ReadModelException {
        /** Creates the exception for {@code build}, which stands at {@code position} of a log that ends at head. */
        public Behind(String build, long position, long head) {
            super("the inline read model " + build + " stands at position " + position + " and the log ends at " + head
                    + ", more than an append may catch up with (" + InlineModels.BEHIND_MAX
                    + "); whoever appended that does not know the projection. Run it with ReadDatabase.run until it has"
                    + " caught up, or open the store again, which does so");
        }
    }

    /** A handler failed at an event that was being appended. */
    public static final class Refused extends ReadModelException {
        private final transient RecordedEvent event;

        /** Creates the exception over what {@code cause} did to {@code event}; its position was not taken. */
        public Refused(ProjectionId id, RecordedEvent event, Throwable cause) {
            super("the inline projection " + id + " fails at event " + event.id() + " (" + event.type() + ") of stream "
                    + DeadLetterTable.oneLine(event.stream().value()) + ": " + DeadLetterTable.oneLine(cause)
                    + "; mend its handler, or run it asynchronously");
            this.event = event;
            initCause(cause);
        }

        /** Returns the event, with the position that it would have had. */
        public RecordedEvent event() {
            return event;
        }
    }
}
