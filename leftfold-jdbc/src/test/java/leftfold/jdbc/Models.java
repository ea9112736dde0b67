// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.jdbc.Movement.Closed;
import leftfold.jdbc.Movement.Deposited;
import leftfold.projection.Documents;
import leftfold.projection.Live;
import leftfold.projection.Projection;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;

/** Two read models of the same events, neither of which would come out right if an event were missed or met twice. */
final class Models {
    static final DocumentCodec<Long> LONGS = DocumentCodec.of(String::valueOf, Long::valueOf);

    private Models() {}

    /** Returns the balance of each account that is not closed. */
    static Projection<Documents<Long>> balances(int projectionVersion) {
        return Projection.<Movement, Long>documents("open-balances", projectionVersion, Movement.CODEC)
                .on(
                        Deposited.class,
                        deposit -> deposit.event().account(),
                        (balance, deposit) -> (balance == null ? 0 : balance)
                                + deposit.event().amount())
                .on(Closed.class, closed -> closed.event().account(), (balance, closed) -> null)
                .build();
    }

    /** Returns each movement as a row, and the sum of each account's. */
    static SqlProjection totals(int projectionVersion) {
        return SqlProjection.<Movement>declare("totals", projectionVersion, Movement.CODEC)
                .table("totals", "account TEXT NOT NULL PRIMARY KEY, total BIGINT NOT NULL")
                .table("movements", "id BIGINT NOT NULL PRIMARY KEY, account TEXT NOT NULL, amount BIGINT NOT NULL")
                .create(sql -> sql.update("CREATE INDEX " + sql.table("movements_by_account") + " ON "
                        + sql.table("movements") + " (account)"))
                .on(Deposited.class, (sql, deposit) -> {
                    String account = deposit.event().account();
                    long amount = deposit.event().amount();
                    sql.update(
                            "INSERT INTO " + sql.table("movements") + " VALUES (?, ?, ?)",
                            deposit.position(),
                            account,
                            amount);
                    sql.update(
                            "INSERT INTO " + sql.table("totals") + " (account, total) VALUES (?, ?)"
                                    + " ON CONFLICT (account) DO UPDATE SET total = " + sql.table("totals")
                                    + ".total + excluded.total",
                            account,
                            amount);
                })
                .build();
    }

    /** Returns the documents that are rows of {@code table}. */
    static SortedMap<String, Long> balances(DataSource database, String table) throws SQLException {
        return rows(database, "SELECT key, document FROM " + table);
    }

    /** Returns the sums that are rows of {@code table}. */
    static SortedMap<String, Long> totals(DataSource database, String table) throws SQLException {
        return rows(database, "SELECT account, total FROM " + table);
    }

    /** Returns where the checkpoint of a build is in the database; 0 if it has none. */
    static long position(DataSource database, String build) throws SQLException {
        return rows(database, "SELECT build, position FROM leftfold_build").getOrDefault(build, 0L);
    }

    /** Returns what the balances are at a position, by another way. */
    static SortedMap<String, Long> balancesAt(EventStore store, long position) {
        return Live.of(store, balances(1)).at(position).all();
    }

    /** Returns what the totals are at a position, by another way. */
    static SortedMap<String, Long> totalsAt(EventStore store, long position) {
        SortedMap<String, Long> totals = new TreeMap<>();
        for (RecordedEvent event : deposits(store, position)) {
            if (Movement.CODEC.decode(event) instanceof Deposited(String account, long amount)) {
                totals.merge(account, amount, Long::sum);
            }
        }
        return totals;
    }

    /** Fails unless each build of both read models is the fold of the log up to its checkpoint. */
    static void check(EventStore store, DataSource database) throws SQLException {
        List<BuildRow> builds;
        try (Connection connection = database.getConnection()) {
            builds = BuildTable.list(connection, null);
        }
        for (BuildRow row : builds) {
            check(store, database, row.build(), row.mark().position());
        }
    }

    private static void check(EventStore store, DataSource database, Build build, long position) throws SQLException {
        if (build.id().name().equals("open-balances")) {
            require(build, position, balancesAt(store, position), balances(database, build.table("open_balances")));
            return;
        }
        require(build, position, totalsAt(store, position), totals(database, build.table("totals")));
        int movements = rows(database, "SELECT id, amount FROM " + build.table("movements"))
                .size();
        if (movements != deposits(store, position).size()) {
            throw new AssertionError(build.key() + " has " + movements + " movements at " + position);
        }
    }

    private static void require(Build build, long position, Map<String, Long> expected, Map<String, Long> found) {
        if (!expected.equals(found)) {
            throw new AssertionError(
                    build.key() + " at position " + position + ": expected " + expected + ", found " + found);
        }
    }

    private static List<RecordedEvent> deposits(EventStore store, long position) {
        List<RecordedEvent> deposits = new ArrayList<>();
        try (Stream<RecordedEvent> events =
                store.read(totals(1).projection().query(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            events.takeWhile(event -> event.position() <= position).forEach(deposits::add);
        }
        return deposits;
    }

    /** Returns the first column and, by it, the second. */
    static SortedMap<String, Long> rows(DataSource database, String sql) throws SQLException {
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
