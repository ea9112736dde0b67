// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.nio.file.Path;

/**
 * For implementers: another way to keep events in PostgreSQL, that the same workload runs through. Found by
 * {@link java.util.ServiceLoader}.
 */
public interface PostgresPeer {
    /** The most connections that a peer opens: more made every one of them slower on a machine with few cores. */
    int CONNECTIONS_MAX = 16;

    /** Returns its name, in lower case and without spaces. */
    String name();

    /** Returns what it does not do of what the workload asks of an event store, in one line. */
    String lacks();

    /**
     * Opens the log in the database at {@code url}, which is empty or was filled by this peer before.
     *
     * @param folder for files that it needs, of this one log
     * @throws Exception if it cannot run here; the others run all the same
     */
    PeerLoops open(String url, Path folder) throws Exception;
}
