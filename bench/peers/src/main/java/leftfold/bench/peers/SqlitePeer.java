// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.peers;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import leftfold.bench.Peer;
import leftfold.bench.PeerEvent;
import leftfold.bench.PeerLog;

/** SQLite: a transaction for each append, with a write-ahead log that is synced in full. */
public final class SqlitePeer implements Peer {
    private static final String TABLE = "create table if not exists event (position integer primary key,"
            + " stream integer not null, version integer not null, data blob not null, unique (stream, version))";

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public String lacks() {
        return "no shared sync for many writers; of expected versions only that a version is taken once";
    }

    @Override
    public boolean readsStreams() {
        return true;
    }

    @Override
    public PeerLog open(Path folder) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma journal_mode = wal");
            statement.execute("pragma synchronous = full");
            statement.execute(TABLE);
        }
        connection.setAutoCommit(false);
        return new Log(connection);
    }

    private static final class Log implements PeerLog {
        private final ReentrantLock lock = new ReentrantLock(); // a connection is for one thread at a time
        private final Connection connection;
        private final PreparedStatement insert;
        private final PreparedStatement all;
        private final PreparedStatement ofStream;

        Log(Connection connection) throws SQLException {
            this.connection = connection;
            insert = connection.prepareStatement("insert into event (stream, version, data) values (?, ?, ?)");
            all = connection.prepareStatement("select data from event order by position");
            ofStream = connection.prepareStatement("select data from event where stream = ? order by version");
        }

        @Override
        public void append(List<PeerEvent> events) throws SQLException {
            lock.lock();
            try {
                for (PeerEvent event : events) {
                    insert.setLong(1, event.stream());
                    insert.setInt(2, event.version());
                    insert.setBytes(3, event.data());
                    insert.addBatch();
                }
                insert.executeBatch();
                connection.commit();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long scan() throws SQLException {
            return count(all);
        }

        @Override
        public int readStream(long stream) throws SQLException {
            ofStream.setLong(1, stream);
            return (int) count(ofStream);
        }

        private static long count(PreparedStatement query) throws SQLException {
            try (ResultSet found = query.executeQuery()) {
                long events = 0;
                while (found.next()) {
                    events += found.getBytes(1).length > 0 ? 1 : 0;
                }
                return events;
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
