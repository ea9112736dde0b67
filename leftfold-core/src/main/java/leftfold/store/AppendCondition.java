// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

/** What must still be true of the log for an append to be accepted. */
public sealed interface AppendCondition {
    /**
     * The stream is at exactly this version. The stream need not be one that the append writes.
     *
     * @param version the version of the stream's last event; 0 means that the stream must not exist
     */
    record StreamAt(StreamId stream, long version) implements AppendCondition {
        /**
         * Checks the version.
         *
         * @throws IllegalArgumentException if {@code version} is negative
         */
        public StreamAt {
            if (version < 0) {
                throw new IllegalArgumentException("a stream's version is 0 or more, not " + version);
            }
        }
    }

    /** The stream has at least one event. */
    record StreamExists(StreamId stream) implements AppendCondition {}

    /**
     * No event that matches {@code query} lies after {@code position}: a consistency boundary that the decision itself
     * draws.
     *
     * @param position the last position that the decision has seen; 0 for none
     */
    record NothingSince(Query query, long position) implements AppendCondition {
        /**
         * Checks the position.
         *
         * @throws IllegalArgumentException if {@code position} is negative
         */
        public NothingSince {
            if (position < 0) {
                throw new IllegalArgumentException("a position is 0 or more, not " + position);
            }
        }
    }
}
