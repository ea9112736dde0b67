// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The tables of a read model in SQLite at two times, compared by the database. Confined to one thread. */
final class TableDiff {
    private static final String SIDE = "leftfold_side";

    private final DataSource database;
    private final JdbcProjection projection;
    private final Build build;

    /** A row, and whether it is of the later time. */
    private record Side(boolean later, Map<String, @Nullable Object> columns) {
        boolean isSameRow(Side other, List<String> key) {
            return !key.isEmpty()
                    && key.stream()
                            .allMatch(column -> String.valueOf(columns.get(column))
                                    .equals(String.valueOf(other.columns.get(column))));
        }
    }

    TableDiff(DataSource database, JdbcProjection projection) {
        this.database = database;
        this.projection = projection;
        this.build = new Build(projection.id(), 1);
    }

    /** Keeps the tables as they now are. */
    void remember() {
        try (Connection connection = database.getConnection()) {
            for (String view : ReadModel.views(projection)) {
                Sql.execute(connection, "CREATE TABLE " + before(view) + " AS SELECT * FROM " + build.table(view));
            }
        } catch (SQLException e) {
            throw new DatabaseException("cannot copy tables", e);
        }
    }

    /** Tells how the tables now differ from what they were. */
    void tell(Consumer<RowChange> changes) {
        try (Connection connection = database.getConnection()) {
            for (String view : ReadModel.views(projection).stream().sorted().toList()) {
                tell(connection, view, changes);
            }
        } catch (SQLException e) {
            throw new DatabaseException("cannot compare tables", e);
        }
    }

    private void tell(Connection connection, String view, Consumer<RowChange> changes) throws SQLException {
        String now = build.table(view);
        List<String> key = Sql.rows(
                connection,
                "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk",
                row -> row.getString(1),
                now);
        String order = key.isEmpty() ? "2" : '"' + String.join("\", \"", key) + '"';
        String sql = "SELECT * FROM (SELECT 0 AS " + SIDE + ", * FROM (SELECT * FROM " + before(view)
                + " EXCEPT SELECT * FROM " + now + ") UNION ALL SELECT 1, * FROM (SELECT * FROM " + now
                + " EXCEPT SELECT * FROM " + before(view) + ")) ORDER BY " + order + ", " + SIDE;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<Side> open = new ArrayList<>();
            while (rows.next()) {
                Side side = side(rows);
                if (!open.isEmpty() && !open.getFirst().isSameRow(side, key)) {
                    close(view, open, changes);
                }
                open.add(side);
            }
            close(view, open, changes);
        }
    }

    /** Tells the change that one or two sides of a row make. */
    private static void close(String view, List<Side> open, Consumer<RowChange> changes) {
        Map<String, @Nullable Object> before = null;
        Map<String, @Nullable Object> after = null;
        for (Side side : open) {
            if (side.later()) {
                after = side.columns();
            } else {
                before = side.columns();
            }
        }
        if (!open.isEmpty()) {
            changes.accept(new RowChange(view, before, after));
        }
        open.clear();
    }

    private static Side side(ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 2; i <= columns.getColumnCount(); i++) {
            values.put(columns.getColumnName(i), row.getObject(i));
        }
        return new Side(row.getInt(1) == 1, values);
    }

    private static String before(String view) {
        return "leftfold_before_" + view;
    }
}
