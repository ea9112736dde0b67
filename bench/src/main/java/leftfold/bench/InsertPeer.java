// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The probe: what PostgreSQL itself does with bare prepared statements on a table of two indexes. */
final class InsertPeer implements PostgresPeer {
    static final String NAME = "bare-sql";

    private static final String TABLE = "CREATE TABLE IF NOT EXISTS event (position bigserial PRIMARY KEY,"
            + " stream text NOT NULL, version bigint NOT NULL, recorded_at timestamptz NOT NULL DEFAULT now(),"
            + " id uuid NOT NULL, type text NOT NULL, data bytea NOT NULL, UNIQUE (stream, version))";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String lacks() {
        return "no event store: an INSERT for each event; of expected versions only that a version is taken once;"
                + " positions have gaps and are not in the order of commits";
    }

    @Override
    public PeerLog open(String url, Path folder) throws SQLException {
        HikariDataSource pool = LeftfoldPostgresPeer.pool(url);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        return new Log(pool);
    }

    private record Log(HikariDataSource pool) implements PeerLog {
        @Override
        public void append(List<PeerEvent> events) throws SQLException {
            try (Connection connection = pool.getConnection();
                    PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO event (stream, version, id, type, data) VALUES (?, ?, ?, ?, ?)")) {
                connection.setAutoCommit(events.size() == 1);
                for (PeerEvent event : events) {
                    insert.setString(1, name(event.stream()));
                    insert.setLong(2, event.version());
                    insert.setObject(3, event.id());
                    insert.setString(4, PeerEvent.TYPE);
                    insert.setBytes(5, event.data());
                    if (events.size() == 1) {
                        insert.executeUpdate();
                    } else {
                        insert.addBatch();
                    }
                }
                if (events.size() > 1) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
        }

        private static String name(long stream) {
            return "account-" + stream;
        }

        @Override
        public long scan() throws SQLException {
            try (Connection connection = pool.getConnection();
                    PreparedStatement select = connection.prepareStatement(
                            "SELECT position, stream, version, recorded_at, id, type, data FROM event"
                                    + " ORDER BY position")) {
                connection.setAutoCommit(false); // or the driver would take the whole table into memory
                select.setFetchSize(2_000);
                long found = count(select);
                connection.commit();
                return found;
            }
        }

        @Override
        public int readStream(long stream) throws SQLException {
            try (Connection connection = pool.getConnection();
                    PreparedStatement select = connection.prepareStatement(
                            "SELECT position, stream, version, recorded_at, id, type, data FROM event"
                                    + " WHERE stream = ? ORDER BY version")) {
                select.setString(1, name(stream));
                return Math.toIntExact(count(select));
            }
        }

        private static long count(PreparedStatement select) throws SQLException {
            try (ResultSet row = select.executeQuery()) {
                long events = 0;
                while (row.next()) {
                    row.getLong(1);
                    row.getLong(3);
                    events += row.getBytes(7).length > 0 ? 1 : 0;
                }
                return events;
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
