// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import leftfold.store.RecordedEvent;
import leftfold.subscription.HandlerException;

/** The tables of a {@link SqlProjection}; its handlers work in the transaction. Confined to the follower's thread. */
final class SqlReadModel implements ReadModel {
    private final SqlProjection declared;
    private final Build build;

    SqlReadModel(SqlProjection declared, Build build) {
        this.declared = declared;
        this.build = build;
    }

    @Override
    public void create(Connection connection) throws SQLException {
        try (SqlModel model = new SqlModel(connection, build)) {
            for (SqlStep step : declared.steps()) {
                step.run(model);
            }
        }
    }

    @Override
    public void begin(boolean empty) {}

    @Override
    public void prepare(Connection connection, List<RecordedEvent> events) {}

    @Override
    public void write(Connection connection, List<RecordedEvent> events) throws SQLException, HandlerException {
        Dialect dialect = Dialect.of(connection);
        try (SqlModel model = new SqlModel(GuardedConnection.of(connection, () -> 0), build)) {
            for (RecordedEvent event : events) {
                try {
                    declared.projection().apply(event, model);
                    dialect.checkWhole(connection); // now, as later nobody can tell whose statement failed
                } catch (Throwable e) {
                    if (Dialect.isTransient(e)) {
                        throw new SQLException("the read database failed under a handler: " + e.getMessage(), e);
                    }
                    throw ReadModel.failed(event, e);
                }
            }
        }
    }
}
