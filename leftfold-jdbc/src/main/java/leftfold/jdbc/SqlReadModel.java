// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import leftfold.projection.ProjectionId;
import leftfold.store.RecordedEvent;
import leftfold.subscription.HandlerException;

/** The tables of a {@link SqlProjection}; its handlers work in the transaction. Confined to the follower's thread. */
final class SqlReadModel implements ReadModel {
    private final SqlProjection declared;

    SqlReadModel(SqlProjection declared) {
        this.declared = declared;
    }

    @Override
    public ProjectionId id() {
        return declared.projection().id();
    }

    @Override
    public Set<String> views() {
        return declared.tables();
    }

    @Override
    public void create(Connection connection) throws SQLException {
        try (SqlModel model = new SqlModel(connection, id())) {
            for (SqlStep step : declared.steps()) {
                step.run(model);
            }
        }
    }

    @Override
    public void prepare(Connection connection, List<RecordedEvent> events) {}

    @Override
    public void write(Connection connection, List<RecordedEvent> events) throws SQLException, HandlerException {
        try (SqlModel model = new SqlModel(connection, id())) {
            for (RecordedEvent event : events) {
                try {
                    declared.projection().apply(event, model);
                } catch (Exception e) {
                    throw new HandlerException(event, e);
                }
            }
        }
    }
}
