// SPDX-License-Identifier: Apache-2.0
package leftfold.example.productcatalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import leftfold.postgres.Outbox;
import leftfold.postgres.OutboxMessage;
import leftfold.store.Data;

/**
 * Products in a plain table: nobody asks what a price was last year, so a change overwrites it. What others must hear
 * of is published in the same transaction.
 */
final class Catalog {
    private static final String PUT = "INSERT INTO products (sku, name, cents) VALUES (?, ?, ?)"
            + " ON CONFLICT (sku) DO UPDATE SET name = excluded.name, cents = excluded.cents"
            + " RETURNING sku, name, cents";
    private static final String REPRICE = "UPDATE products SET cents = ? WHERE sku = ? RETURNING sku, name, cents";

    private static final String UNIQUE_VIOLATION = "23505";

    private final DataSource database;

    Catalog(DataSource database) throws SQLException {
        this.database = database;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS products (sku text PRIMARY KEY, name text NOT NULL,"
                    + " cents bigint NOT NULL CHECK (cents > 0))");
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) { // of the server's own catalog
                throw e;
            }
            return; // another instance has made the table at the same moment
        }
    }

    /** Adds a product, or replaces the one of the same sku. */
    void put(Product product) throws SQLException {
        change("ProductListed", PUT, product.sku(), product.name(), product.cents());
    }

    /** Changes a price; a price that the table refuses changes nothing, and nobody hears of it. */
    void reprice(String sku, long cents) throws SQLException {
        change("PriceChanged", REPRICE, cents, sku);
    }

    // region publish
    private void change(String type, String sql, Object... parameters) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Product product = execute(connection, sql, parameters);
                // Last, right before the commit: from here on other transactions that publish wait for this one.
                Outbox.publish(connection, OutboxMessage.of(product.sku(), type, Data.json(product.toJson())));
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback(); // neither the change nor the message
                throw e;
            }
        }
    }
    // endregion

    private static Product execute(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalArgumentException("there is no such product; add it first");
                }
                return product(row);
            }
        }
    }

    /** Returns all products by sku. */
    Map<String, Product> products() throws SQLException {
        Map<String, Product> products = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sku, name, cents FROM products")) {
            while (row.next()) {
                products.put(row.getString(1), product(row));
            }
        }
        return products;
    }

    private static Product product(ResultSet row) throws SQLException {
        return new Product(row.getString(1), row.getString(2), row.getLong(3));
    }
}
