// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.ArrayList;
import java.util.List;
import leftfold.store.Direction;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A statement that reads a page of events. Its parameters: those of {@code parameters}, in which {@link #LOW},
 * {@link #HIGH} and {@link #LIMIT} stand for the page's bounds, both inclusive, and its length, and {@link #DATA_MAX}
 * for the most bytes of data that come along with an event; in place of more there is NULL.
 *
 * @param query what its events match; null where a reader cannot find them by reading every event between its bounds
 */
record PageSql(
        String sql, List<Object> parameters, @Nullable Query query) {
    /** Stands for a bound or length of the page. */
    private enum Bound {
        LOW,
        HIGH,
        LIMIT,
        DATA_MAX
    }

    static final Object LOW = Bound.LOW;
    static final Object HIGH = Bound.HIGH;
    static final Object LIMIT = Bound.LIMIT;
    static final Object DATA_MAX = Bound.DATA_MAX;

    private static final String BETWEEN = "position >= ? AND position <= ?";
    private static final String STREAM = "stream_id = (SELECT id FROM leftfold_streams WHERE name = ?)";
    private static final String CATEGORY = "split_part(stream, '-', 1) = ?";

    /** Only tags whose events are there: those of a partition that was moved away must not fill a page. */
    private static final String THERE =
            " CROSS JOIN LATERAL (SELECT 1 FROM leftfold_events e WHERE e.position = t.position LIMIT 1) AS there";

    /** Returns the page of one stream's events between two versions. */
    static PageSql stream(StreamId stream, Direction direction) {
        return new PageSql(
                page(STREAM + " AND version >= ? AND version <= ?", "version", order(direction)),
                List.of(DATA_MAX, stream.value(), LOW, HIGH, LIMIT),
                null);
    }

    /** Returns the page of the events that match, between two positions. */
    static PageSql of(Query query, Direction direction) {
        String order = order(direction);
        if (query.equals(Query.all())) {
            return new PageSql(page(BETWEEN, "position", order), List.of(DATA_MAX, LOW, HIGH, LIMIT), null);
        }
        List<Object> parameters = new ArrayList<>();
        parameters.add(DATA_MAX);
        List<String> items = new ArrayList<>();
        for (Query.Item item : query.items()) {
            items.add("(" + positions(item, order, parameters) + ")");
        }
        parameters.add(LIMIT);
        parameters.add(LIMIT);
        String matching = "SELECT position FROM (" + String.join(" UNION ", items) + ") AS any_item ORDER BY position"
                + order + " LIMIT ?";
        return new PageSql(page("position = ANY (ARRAY(" + matching + "))", "position", order), parameters, query);
    }

    /** Returns the parameters of the page with these bounds; of a page of one event that event's data is there. */
    List<Object> parameters(long low, long high, long limit, long bytesMax) {
        return parameters.stream()
                .map(value -> value instanceof Bound bound
                        ? switch (bound) {
                            case LOW -> low;
                            case HIGH -> high;
                            case LIMIT -> limit;
                            case DATA_MAX -> limit <= 1 ? Long.MAX_VALUE : bytesMax / limit;
                        }
                        : value)
                .toList();
    }

    private static String page(String where, String by, String order) {
        // Not a window that sums up sizes: that made a page five times as dear.
        return "SELECT " + EventRow.COLUMNS_BEFORE_DATA + ", CASE WHEN octet_length(data) <= ? THEN data END"
                + " FROM leftfold_events WHERE " + where + " ORDER BY " + by + order + " LIMIT ?";
    }

    private static String positions(Query.Item item, String order, List<Object> parameters) {
        if (!item.tags().isEmpty()) {
            return tagged(item, order, parameters);
        } else if (item.stream() != null) {
            return ofStream(item, item.stream().value(), order, parameters);
        } else if (item.category() != null || !item.types().isEmpty()) {
            if (item.category() != null) {
                parameters.add(item.category());
            }
            parameters.addAll(List.of(item.types().toArray(new String[0]), LOW, HIGH, LIMIT));
            return "SELECT position FROM leftfold_matches(" + (item.category() == null ? "NULL" : "?")
                    + ", ?::text[], ?, ?, ?, " + !order.isEmpty() + ") AS position";
        }
        parameters.addAll(List.of(LOW, HIGH, LIMIT));
        return "SELECT position FROM leftfold_events WHERE " + BETWEEN + " ORDER BY position" + order + " LIMIT ?";
    }

    private static String ofStream(Query.Item item, String stream, String order, List<Object> parameters) {
        parameters.addAll(List.of(stream, stream, LOW, stream, HIGH, LOW, HIGH));
        String filter = filter(item, parameters);
        parameters.add(LIMIT);
        return "SELECT position FROM leftfold_events WHERE " + STREAM
                + " AND version > (SELECT leftfold_version_at(?, ? - 1))"
                + " AND version <= (SELECT leftfold_version_at(?, ?)) AND " + BETWEEN + filter + " ORDER BY version"
                + order + " LIMIT ?";
    }

    private static String tagged(Query.Item item, String order, List<Object> parameters) {
        List<String> tags = item.tags().stream().map(Tag::toString).toList();
        StringBuilder sql = new StringBuilder("SELECT t.position FROM leftfold_tags t");
        for (int i = 1; i < tags.size(); i++) {
            sql.append(" JOIN leftfold_tags t%d ON t%1$d.position = t.position AND t%1$d.tag = ?".formatted(i));
            parameters.add(tags.get(i));
        }
        if (item.stream() != null || item.category() != null || !item.types().isEmpty()) {
            sql.append(" JOIN leftfold_events e ON e.position = t.position");
            if (item.stream() != null) {
                sql.append(" AND stream = ?");
                parameters.add(item.stream().value());
            }
            sql.append(filter(item, parameters));
        } else {
            sql.append(THERE);
        }
        parameters.addAll(List.of(tags.getFirst(), LOW, HIGH, LIMIT));
        return sql.append(" WHERE t.tag = ? AND t.position >= ? AND t.position <= ? ORDER BY t.position")
                .append(order)
                .append(" LIMIT ?")
                .toString();
    }

    private static String filter(Query.Item item, List<Object> parameters) {
        StringBuilder sql = new StringBuilder();
        if (item.category() != null) {
            sql.append(" AND ").append(CATEGORY);
            parameters.add(item.category());
        }
        if (!item.types().isEmpty()) {
            sql.append(" AND type = ANY (?::text[])");
            parameters.add(item.types().toArray(new String[0]));
        }
        return sql.toString();
    }

    private static String order(Direction direction) {
        return direction == Direction.FORWARDS ? "" : " DESC";
    }
}
