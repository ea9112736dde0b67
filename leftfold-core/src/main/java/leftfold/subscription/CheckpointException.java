// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.util.UUID;

/** Why a checkpoint cannot be used, as one sealed family. No retry helps. */
public abstract sealed class CheckpointException extends RuntimeException {
    private CheckpointException(String message) {
        super(message);
    }

    /** The checkpoint belongs to another log than the one that is followed. Nothing was changed. */
    public static final class OtherLog extends CheckpointException {
        /** Creates the exception for a checkpoint of {@code found}, met by a follower of {@code expected}. */
        public OtherLog(String follower, UUID expected, UUID found) {
            super("the checkpoint of " + follower + " belongs to log " + found + ", not to log " + expected
                    + "; use the store it was made from, or keep the checkpoints of this one elsewhere");
        }
    }

    /** The checkpoint is not where this follower left it: another one moved it, or it was restored. */
    public static final class Moved extends CheckpointException {
        private final long expected;
        private final long found;

        /** Creates the exception for the checkpoint of {@code follower}, found at another position than expected. */
        public Moved(String follower, long expected, long found) {
            super("the checkpoint of " + follower + " is at position " + found + ", not at " + expected
                    + "; stop the other process that runs " + follower
                    + ", or start again if the checkpoint was restored");
            this.expected = expected;
            this.found = found;
        }

        /** Returns the position at which the follower left the checkpoint. */
        public long expected() {
            return expected;
        }

        /** Returns the position at which the checkpoint was found. */
        public long found() {
            return found;
        }
    }

    /** The checkpoint lies behind the end of the log: the log was restored to an older state. */
    public static final class AheadOfLog extends CheckpointException {
        /** Creates the exception for a checkpoint at {@code position} of a log that ends at {@code head}. */
        public AheadOfLog(String follower, long position, long head) {
            super("the checkpoint of " + follower + " is at position " + position + ", but the log ends at " + head
                    + "; the log was restored from an older copy, so what " + follower
                    + " made of the later events is to be built again");
        }
    }

    /** The log has another event than the one that the checkpoint was made with: its history is another one. */
    public static final class OtherHistory extends CheckpointException {
        /** Creates the exception for the checkpoint of {@code follower}, made with another event at a position. */
        public OtherHistory(String follower, long position) {
            super("the checkpoint of " + follower + " was made with another event at position " + position
                    + " than the log has there; the log was restored from an older copy and has grown on, so what "
                    + follower + " made of the lost events is to be built again");
        }
    }
}
