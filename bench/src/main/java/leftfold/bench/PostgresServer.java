// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.IOException;
import java.nio.file.Path;

/** For implementers: starts PostgreSQL servers. Found by {@link java.util.ServiceLoader}. */
public interface PostgresServer {
    /** Starts a server, durable as usual, that keeps everything in {@code folder}, which is not there yet. */
    Running start(Path folder) throws IOException;

    /** For implementers: a server that runs. Safe for use by many threads. */
    interface Running extends AutoCloseable {
        /** Returns the JDBC address of a database, which need not exist, with a role that may do everything. */
        String url(String database);

        /** Returns the CPU time that all its processes took so far, in nanoseconds; 0 if the system does not tell. */
        long cpuNanos();

        /** Stops it. */
        @Override
        void close() throws IOException;
    }
}
