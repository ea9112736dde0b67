// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.jdbc.DocumentCodec;
import leftfold.jdbc.DocumentProjection;
import leftfold.jdbc.JdbcProjection;
import leftfold.jdbc.SqlProjection;
import leftfold.projection.Projection;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.store.Append;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/** Money that comes into accounts: events, the read models of these tests, and what these should be. */
final class Accounts {
    static final DocumentCodec<Long> LONGS = DocumentCodec.of(String::valueOf, Long::valueOf);

    /** No handler takes so much. */
    static final long TOO_MUCH = 1_000_000;

    /** Money came in. */
    record Deposited(String account, long amount) {}

    private static final EventCodec<Deposited> CODEC = new EventCodec<>() {
        @Override
        public Set<String> types() {
            return Set.of("Deposited");
        }

        @Override
        public EncodedEvent encode(Deposited event) {
            return new EncodedEvent(
                    "Deposited", 1, Data.json("\"" + event.account() + " " + event.amount() + "\""), Set.of());
        }

        @Override
        public Deposited decode(RecordedEvent recorded) {
            String[] words = recorded.data().text().replace("\"", "").split(" ", -1);
            return new Deposited(words[0], Long.parseLong(words[1]));
        }
    };

    private Accounts() {}

    /** Returns the balance of each account, as documents; the same with another factor is another code. */
    static JdbcProjection balances(int projectionVersion, long factor) {
        return new DocumentProjection<>(
                Projection.<Deposited, Long>documents("balances", projectionVersion, CODEC)
                        .on(Deposited.class, event -> event.event().account(), (balance, event) -> {
                            check(event.event());
                            return (balance == null ? 0 : balance)
                                    + factor * event.event().amount();
                        })
                        .build(),
                LONGS);
    }

    /** Returns the balance of each account, and each deposit, as rows. */
    static SqlProjection totals() {
        return SqlProjection.<Deposited>declare("totals", 1, CODEC)
                .table("totals", "account TEXT NOT NULL PRIMARY KEY, total BIGINT NOT NULL")
                .table("deposits", "id BIGINT NOT NULL PRIMARY KEY, amount BIGINT NOT NULL")
                .on(Deposited.class, (sql, event) -> {
                    sql.update(
                            "INSERT INTO " + sql.table("deposits") + " VALUES (?, ?)",
                            event.position(),
                            event.event().amount());
                    check(event.event());
                    sql.update(
                            "INSERT INTO " + sql.table("totals") + " AS t VALUES (?, ?) ON CONFLICT (account)"
                                    + " DO UPDATE SET total = t.total + excluded.total",
                            event.event().account(),
                            event.event().amount());
                })
                .build();
    }

    /** Returns a projection named as {@link #totals}, with another table. */
    static SqlProjection otherTotals() {
        return SqlProjection.<Deposited>declare("totals", 1, CODEC)
                .table("totals", "account TEXT NOT NULL PRIMARY KEY, total TEXT")
                .on(Deposited.class, (sql, event) -> {})
                .build();
    }

    /** Returns a projection that passes over a failed statement where there is too much. */
    static SqlProjection hiding() {
        return SqlProjection.<Deposited>declare("hidden", 1, CODEC)
                .table("hidden", "id BIGINT NOT NULL PRIMARY KEY")
                .on(Deposited.class, (sql, event) -> {
                    sql.update("INSERT INTO " + sql.table("hidden") + " VALUES (?)", event.position());
                    try {
                        sql.update(
                                "DELETE FROM " + sql.table("hidden") + " WHERE 1 / ? = 2",
                                event.event().amount() - TOO_MUCH);
                    } catch (SQLException e) {
                        return; // which is wrong
                    }
                })
                .build();
    }

    /** Returns a projection that commits. */
    static SqlProjection committing() {
        return SqlProjection.<Deposited>declare("committing", 1, CODEC)
                .table("committing", "id BIGINT NOT NULL PRIMARY KEY")
                .on(Deposited.class, (sql, event) -> sql.connection().commit())
                .build();
    }

    /** Returns a projection that notes the total of {@code input} at each deposit. */
    static SqlProjection lookingInto(String input) {
        return SqlProjection.<Deposited>declare("seen", 1, CODEC)
                .table("seen", "id BIGINT NOT NULL PRIMARY KEY, total BIGINT")
                .after(input)
                .on(
                        Deposited.class,
                        (sql, event) -> sql.update(
                                "INSERT INTO " + sql.table("seen") + " SELECT ?, total FROM totals WHERE account = ?",
                                event.position(),
                                event.event().account()))
                .build();
    }

    private static void check(Deposited deposited) {
        if (deposited.amount() == TOO_MUCH) {
            throw new IllegalArgumentException("too much for " + deposited.account());
        }
    }

    /** Returns a deposit with a random id. */
    static Event deposit(String account, long amount) {
        EncodedEvent encoded = CODEC.encode(new Deposited(account, amount));
        return Event.of(encoded.type(), encoded.data());
    }

    /** Returns the append of a deposit to its account's stream, whatever version that is at. */
    static Append append(String account, long amount) {
        return append(account, List.of(deposit(account, amount)));
    }

    static Append append(String account, List<Event> events) {
        return new Append(List.of(new StreamWrite(StreamId.of("account-" + account), events)), List.of());
    }

    /** Returns what the balances are, by the log. */
    static SortedMap<String, Long> folded(EventStore store) {
        return folded(store, Long.MAX_VALUE);
    }

    /** Returns what the balances are at a position, by the log. */
    static SortedMap<String, Long> folded(EventStore store, long position) {
        SortedMap<String, Long> balances = new TreeMap<>();
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            events.takeWhile(event -> event.position() <= position)
                    .filter(event -> event.type().equals("Deposited"))
                    .map(CODEC::decode)
                    .forEach(event -> balances.merge(event.account(), event.amount(), Long::sum));
        }
        return balances;
    }

    /** Returns the balances that readers of the documents see. */
    static SortedMap<String, Long> balances(DataSource database) throws SQLException {
        return balances(database, "balances");
    }

    static SortedMap<String, Long> balances(DataSource database, String table) throws SQLException {
        return rows(database, "SELECT key, document FROM " + table);
    }

    /** Returns the balances that readers of the rows see. */
    static SortedMap<String, Long> totals(DataSource database) throws SQLException {
        return totals(database, "totals");
    }

    static SortedMap<String, Long> totals(DataSource database, String table) throws SQLException {
        return rows(database, "SELECT account, total FROM " + table);
    }

    /** Returns where the checkpoint of a build is. */
    static long position(DataSource database, String build) throws SQLException {
        return number(database, "SELECT position FROM leftfold_build WHERE build = '" + build + "'");
    }

    static long number(DataSource database, String sql) throws SQLException {
        return rows(database, "SELECT 'one', (" + sql + ")").getOrDefault("one", 0L);
    }

    static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            TestServer.execute(connection, sql);
        }
    }

    /** Fails unless positions and versions are without gap, and no event is there twice. */
    static void checkDense(EventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            long[] position = new long[1];
            Set<UUID> ids = new HashSet<>();
            events.forEach(event -> {
                if (event.position() != ++position[0] || !ids.add(event.id())) {
                    throw new AssertionError(event + " comes after position " + (position[0] - 1));
                }
            });
        }
    }

    private static SortedMap<String, Long> rows(DataSource database, String sql) throws SQLException {
        SortedMap<String, Long> rows = new TreeMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rows.put(row.getString(1), Long.valueOf(row.getString(2)));
            }
        }
        return rows;
    }
}
