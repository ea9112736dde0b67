// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import leftfold.projection.ProjectionId;
import leftfold.store.RecordedEvent;
import leftfold.subscription.HandlerException;

/** One projection's tables and how events reach them. Confined to the follower's thread. */
interface ReadModel {
    /** Returns which projection it is. */
    ProjectionId id();

    /** Returns the names of the views where readers find the tables. */
    Set<String> views();

    /** Makes the tables, in the transaction of {@code connection}. */
    void create(Connection connection) throws SQLException;

    /**
     * Does what can be done before the transaction, outside of any: nobody else writes to the tables, or the checkpoint
     * will show it.
     */
    void prepare(Connection connection, List<RecordedEvent> events) throws SQLException, HandlerException;

    /** Writes what the events last prepared change, in the transaction of {@code connection}. */
    void write(Connection connection, List<RecordedEvent> events) throws SQLException, HandlerException;
}
