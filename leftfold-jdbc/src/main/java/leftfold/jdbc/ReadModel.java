// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import leftfold.store.RecordedEvent;
import leftfold.subscription.HandlerException;

/** One build's tables and how events reach them. Confined to the follower's thread. */
interface ReadModel {
    /** Returns the tables of {@code build} of the projection that {@code declared} declares, filled by one thread. */
    static ReadModel of(JdbcProjection declared, Build build, Dialect dialect) {
        return of(declared, build, dialect, FoldThreads.NONE);
    }

    /** As {@link #of(JdbcProjection, Build, Dialect)}, with documents folded by {@code threads}. */
    static ReadModel of(JdbcProjection declared, Build build, Dialect dialect, FoldThreads threads) {
        return switch (declared) {
            case DocumentProjection<?> documents -> documents(documents, build, dialect, threads);
            case SqlProjection sql -> new SqlReadModel(sql, build);
        };
    }

    private static <D> ReadModel documents(
            DocumentProjection<D> documents, Build build, Dialect dialect, FoldThreads threads) {
        return new DocumentReadModel<>(documents, build, dialect, threads);
    }

    /** Returns the names of the views where readers find the tables. */
    static List<String> views(JdbcProjection declared) {
        return switch (declared) {
            case DocumentProjection<?> documents -> List.of(TableName.view(documents.id()));
            case SqlProjection sql -> sql.tables();
        };
    }

    /** Returns a text that is another one when the declaration is. */
    static String fingerprint(JdbcProjection declared) {
        return switch (declared) {
            case DocumentProjection<?> documents ->
                "documents; " + documents.projection().fingerprint();
            case SqlProjection sql ->
                "tables " + sql.definitions() + "; " + sql.projection().fingerprint();
        };
    }

    /** Makes the tables, in the transaction of {@code connection}. */
    void create(Connection connection) throws SQLException;

    /** Forgets what it knows of the tables' content; {@code empty} says that there is none. */
    void begin(boolean empty);

    /**
     * Does what can be done before the transaction, outside of any: nobody else writes to the tables, or the checkpoint
     * will show it.
     */
    void prepare(Connection connection, List<RecordedEvent> events) throws SQLException, HandlerException;

    /** Writes what the events last prepared change, in the transaction of {@code connection}. */
    void write(Connection connection, List<RecordedEvent> events) throws SQLException, HandlerException;

    /** Returns that the handler fails at {@code event}, whether with an exception or an error. */
    static HandlerException failed(RecordedEvent event, Throwable cause) {
        if (cause instanceof OutOfMemoryError e) {
            throw e; // of the process, whatever the event
        }
        return new HandlerException(event, cause);
    }
}
