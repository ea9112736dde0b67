// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A peer on a server: what it has in a folder is a database of that folder's name. */
record HostedPeer(PostgresPeer peer, PostgresServer.Running server) implements Peer {
    private static final String MARK = "database";

    @Override
    public String name() {
        return peer.name();
    }

    @Override
    public String lacks() {
        return peer.lacks();
    }

    @Override
    public boolean readsStreams() {
        return true;
    }

    @Override
    public long serverCpuNanos() {
        return server.cpuNanos();
    }

    @Override
    public PeerLoops open(Path folder) throws Exception {
        String database = "bench_" + folder.getFileName().toString().replace('-', '_');
        if (!Files.exists(folder.resolve(MARK))) {
            renew(server, database);
            Files.createFile(folder.resolve(MARK));
        }
        return peer.open(server.url(database), folder);
    }

    /** Makes an empty database, in place of one that may be there. */
    static void renew(PostgresServer.Running server, String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
            statement.execute("CREATE DATABASE " + database);
        }
    }
}
