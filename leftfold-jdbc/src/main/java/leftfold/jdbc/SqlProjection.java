// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leftfold.projection.FailurePolicy;
import leftfold.projection.Projection;
import leftfold.projection.ProjectionBuilder;
import leftfold.projection.ProjectionHandler;
import leftfold.schema.EventCodec;
import leftfold.store.Query;

/**
 * A projection into tables of its own, written by plain SQL. Immutable.
 *
 * <pre>{@code
 * SqlProjection feed = SqlProjection.<NewsEvent>declare("feed", 1, codec)
 *         .table("feed", "reader TEXT NOT NULL, article TEXT NOT NULL, score REAL, PRIMARY KEY (reader, article)")
 *         .on(ArticleScored.class, (sql, e) -> sql.update(
 *                 "INSERT INTO " + sql.table("feed") + " VALUES (?, ?, ?)", e.event().reader(), ...))
 *         .build();
 * }</pre>
 */
public final class SqlProjection implements JdbcProjection {
    private final Projection<SqlModel> projection;
    private final Map<String, String> tables;
    private final List<SqlStep> steps;

    private SqlProjection(Projection<SqlModel> projection, Map<String, String> tables, List<SqlStep> steps) {
        this.projection = projection;
        this.tables = tables;
        this.steps = steps;
    }

    /** Returns a new declaration, without tables and handlers yet, over events that {@code codec} reads. */
    public static <E> Builder<E> declare(String name, int projectionVersion, EventCodec<E> codec) {
        return new Builder<>(Projection.declare(name, projectionVersion, codec));
    }

    @Override
    public Projection<SqlModel> projection() {
        return projection;
    }

    /** Returns the names of the views where readers find the tables. */
    List<String> tables() {
        return List.copyOf(tables.keySet());
    }

    /** Returns the tables with their columns, and how many other steps there are, for the fingerprint. */
    String definitions() {
        return new TreeMap<>(tables) + ", " + steps.size() + " steps";
    }

    /** Returns what makes the tables. */
    List<SqlStep> steps() {
        return steps;
    }

    /**
     * Collects a projection's tables and handlers. Confined to one thread.
     *
     * @param <E> the program's events
     */
    public static final class Builder<E> {
        private final ProjectionBuilder<E, SqlModel> handlers;
        private final Map<String, String> tables = new LinkedHashMap<>();
        private final List<SqlStep> steps = new ArrayList<>();

        private Builder(ProjectionBuilder<E, SqlModel> handlers) {
            this.handlers = handlers;
        }

        /**
         * Adds a table, for handlers {@link SqlModel#table sql.table(name)}, for readers the view {@code name}.
         *
         * @param columns what stands between the parentheses of CREATE TABLE
         * @throws IllegalArgumentException if the name is not lower-case letters, digits and {@code _}
         */
        public Builder<E> table(String name, String columns) {
            tables.put(TableName.check(name), columns.strip());
            steps.add(sql -> sql.update("CREATE TABLE " + sql.table(name) + " (" + columns + ")"));
            return this;
        }

        /** Adds what is done once, after the tables so far are made, such as CREATE INDEX. */
        public Builder<E> create(SqlStep step) {
            steps.add(step);
            return this;
        }

        /**
         * Adds what happens at events of {@code type} or its subtypes; where several handlers fit, the first one is
         * called.
         */
        public <T extends E> Builder<E> on(Class<T> type, ProjectionHandler<SqlModel, ? super T> handler) {
            handlers.on(type, handler);
            return this;
        }

        /** Says which events to look at, such as those with a tag; else it is all those that have a handler. */
        public Builder<E> where(Query events) {
            handlers.where(events);
            return this;
        }

        /**
         * Says that the handlers look into the read model of the projection {@code input}; see {@link
         * ProjectionBuilder#after}.
         */
        public Builder<E> after(String input) {
            handlers.after(input);
            return this;
        }

        /** Says what happens about an event that a handler fails at; else it is {@link FailurePolicy#STOP}. */
        public Builder<E> onFailure(FailurePolicy policy) {
            handlers.onFailure(policy);
            return this;
        }

        /**
         * Returns the projection.
         *
         * @throws IllegalStateException if there is no table or no handler
         */
        public SqlProjection build() {
            Projection<SqlModel> projection = handlers.build();
            if (tables.isEmpty()) {
                throw new IllegalStateException(
                        "projection " + projection.id() + " has no tables; add one with table(...)");
            }
            return new SqlProjection(
                    projection, Collections.unmodifiableMap(new LinkedHashMap<>(tables)), List.copyOf(steps));
        }
    }
}
