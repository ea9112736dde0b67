// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import leftfold.bench.PeerEvent;
import leftfold.bench.PeerLog;
import leftfold.bench.PostgresPeer;

/** Eventide's message-db: its SQL, out of its npm package, called through the driver that Leftfold uses. */
public final class MessageDbPeer implements PostgresPeer {
    /** In the order of the package's install.sh; of pgcrypto it needs what PostgreSQL has had since 13. */
    private static final List<String> FILES = List.of(
            "schema/message-store",
            "tables/messages",
            "types/message",
            "functions/message-store-version",
            "functions/hash-64",
            "functions/acquire-lock",
            "functions/category",
            "functions/is-category",
            "functions/id",
            "functions/cardinal-id",
            "functions/stream-version",
            "functions/write-message",
            "functions/get-stream-messages",
            "functions/get-category-messages",
            "functions/get-last-stream-message",
            "indexes/messages-id",
            "indexes/messages-stream",
            "indexes/messages-category");

    @Override
    public String name() {
        return "message-db";
    }

    @Override
    public String lacks() {
        return "its SQL, our client; no batches (100 calls in one statement), no repeating by id (an error),"
                + " positions have gaps, all writers of a category wait for each other";
    }

    @Override
    public PeerLog open(String url, Path folder) throws SQLException, IOException, InterruptedException {
        Path sql = Npm.install(folder.toAbsolutePath().resolve("..").normalize())
                .resolve("node_modules/@eventide/message-db/database");
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setConnectionInitSql("SET search_path TO message_store, public");
        HikariDataSource pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            if (!Files.exists(folder.resolve("installed"))) {
                for (String file : FILES) {
                    statement.execute(Files.readString(sql.resolve(file + ".sql"), StandardCharsets.UTF_8));
                }
                Files.createFile(folder.resolve("installed"));
            }
        }
        return new Log(pool);
    }

    private record Log(HikariDataSource pool) implements PeerLog {
        private static final int PAGE = 2_000;

        @Override
        public void append(List<PeerEvent> events) throws SQLException {
            try (Connection connection = pool.getConnection()) {
                if (events.size() == 1) {
                    append(connection, events.getFirst());
                } else {
                    appendAll(connection, events);
                }
            }
        }

        private static void append(Connection connection, PeerEvent event) throws SQLException {
            try (PreparedStatement call =
                    connection.prepareStatement("SELECT write_message(?, ?, ?, ?::jsonb, NULL, ?)")) {
                call.setString(1, event.id().toString());
                call.setString(2, stream(event.stream()));
                call.setString(3, PeerEvent.TYPE);
                call.setString(4, json(event));
                call.setLong(5, event.version() - 2L); // versions from 0, and -1 for no stream
                call.execute();
            }
        }

        private static void appendAll(Connection connection, List<PeerEvent> events) throws SQLException {
            try (PreparedStatement calls = connection.prepareStatement(
                    "SELECT count(write_message(id, stream, type, data::jsonb, NULL, version))"
                            + " FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])"
                            + " AS one (id, stream, type, data, version)")) {
                set(
                        calls,
                        1,
                        "text",
                        events.stream().map(event -> event.id().toString()).toArray());
                set(
                        calls,
                        2,
                        "text",
                        events.stream().map(event -> stream(event.stream())).toArray());
                set(
                        calls,
                        3,
                        "text",
                        events.stream().map(event -> PeerEvent.TYPE).toArray());
                set(calls, 4, "text", events.stream().map(Log::json).toArray());
                set(
                        calls,
                        5,
                        "bigint",
                        events.stream().map(event -> event.version() - 2L).toArray());
                calls.execute();
            }
        }

        private static void set(PreparedStatement call, int index, String type, Object[] values) throws SQLException {
            call.setArray(index, call.getConnection().createArrayOf(type, values));
        }

        private static String json(PeerEvent event) {
            return new String(event.data(), StandardCharsets.UTF_8);
        }

        private static String stream(long stream) {
            return "account-" + stream;
        }

        @Override
        public long scan() throws SQLException {
            long events = 0;
            long next = 1;
            try (Connection connection = pool.getConnection();
                    PreparedStatement page = connection.prepareStatement(
                            "SELECT global_position, data FROM get_category_messages('account', ?, " + PAGE + ")")) {
                while (true) {
                    page.setLong(1, next);
                    long before = events;
                    try (ResultSet row = page.executeQuery()) {
                        while (row.next()) {
                            next = row.getLong(1) + 1;
                            events += row.getString(2).isEmpty() ? 0 : 1;
                        }
                    }
                    if (events - before < PAGE) {
                        return events;
                    }
                }
            }
        }

        @Override
        public int readStream(long stream) throws SQLException {
            try (Connection connection = pool.getConnection();
                    PreparedStatement read =
                            connection.prepareStatement("SELECT * FROM get_stream_messages(?, 0, -1)")) {
                read.setString(1, stream(stream));
                int events = 0;
                try (ResultSet row = read.executeQuery()) {
                    while (row.next()) {
                        events += row.getString("data").isEmpty() ? 0 : 1;
                    }
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
