// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import leftfold.store.EventStore;
import leftfold.store.StreamId;

/** What commands about one stream check first. */
final class Streams {
    private Streams() {}

    /** Returns the version of {@code stream}; refuses if it does not exist. */
    static long requireVersion(EventStore store, StreamId stream) {
        long version = store.streamVersion(stream);
        if (version == 0) {
            throw Refusal.failed("no stream " + Shown.line(stream.value())
                    + " in this store; see leftfold streams for what is there");
        }
        return version;
    }

    /** Refuses if {@code stream} does not exist or has not reached {@code wanted}, which {@code option} asked for. */
    static void requireVersion(EventStore store, StreamId stream, String option, long wanted) {
        long version = requireVersion(store, stream);
        if (wanted > version) {
            throw Refusal.failed("stream " + Shown.line(stream.value()) + " is at version " + version + "; give "
                    + option + " a version up to that");
        }
    }
}
