// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import leftfold.projection.ProjectionId;

/**
 * Which version of each projection readers see: views onto its tables, and the table {@code leftfold_view} that says
 * whose they are. The caller's transaction decides, so readers see one version or the other, and never neither.
 */
final class Views {
    private Views() {}

    /** Makes the table if it is not there. */
    static void create(Connection connection) throws SQLException {
        execute(
                connection,
                "CREATE TABLE IF NOT EXISTS leftfold_view (view_name VARCHAR(64) NOT NULL PRIMARY KEY,"
                        + " projection VARCHAR(64) NOT NULL, projection_version INTEGER NOT NULL)");
    }

    /** Returns the version of {@code projection} that readers see; empty if there is none yet. */
    static OptionalInt shown(Connection connection, String projection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT MAX(projection_version) FROM leftfold_view WHERE projection = ?")) {
            select.setString(1, projection);
            try (ResultSet row = select.executeQuery()) {
                int version = row.next() ? row.getInt(1) : 0;
                return version == 0 ? OptionalInt.empty() : OptionalInt.of(version);
            }
        }
    }

    /** Makes {@code views} show the tables of this version, and takes away those of the version before. */
    static void show(Connection connection, ProjectionId id, Set<String> views) throws SQLException {
        for (String old : viewsOf(connection, id.name())) {
            execute(connection, "DROP VIEW " + old);
        }
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM leftfold_view WHERE projection = ?")) {
            delete.setString(1, id.name());
            delete.executeUpdate();
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO leftfold_view" + " (view_name, projection, projection_version) VALUES (?, ?, ?)")) {
            for (String view : views) {
                execute(connection, "CREATE VIEW " + view + " AS SELECT * FROM " + TableName.versioned(view, id));
                insert.setString(1, view);
                insert.setString(2, id.name());
                insert.setInt(3, id.projectionVersion());
                insert.executeUpdate();
            }
        }
    }

    private static List<String> viewsOf(Connection connection, String projection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT view_name FROM leftfold_view WHERE projection = ?")) {
            select.setString(1, projection);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
