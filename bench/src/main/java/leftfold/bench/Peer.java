// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.nio.file.Path;

/**
 * For implementers: another system that the same workload runs through. Found by {@link java.util.ServiceLoader}, so it
 * has a public constructor without parameters.
 */
public interface Peer {
    /** Returns its name, in lower case and without spaces. */
    String name();

    /** Returns what it does not do of what the workload asks of an event store, in one line. */
    String lacks();

    /** Returns whether {@link PeerLoops#readStreams} finds a stream without reading the others. */
    boolean readsStreams();

    /** Returns the CPU time that its server took so far, in nanoseconds; 0 if it has none. */
    default long serverCpuNanos() {
        return 0;
    }

    /**
     * Opens the log in {@code folder}, which is empty or was written by this peer before.
     *
     * @throws Exception if it cannot run here; the others run all the same
     */
    PeerLoops open(Path folder) throws Exception;
}
