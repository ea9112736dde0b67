// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code leftfold_wanted}: which events each build wants, so that a process without the projection's code can
 * tell whether one waits that the build is still to take. The caller's transaction decides.
 *
 * <p>A query is a text of its items, one a line, each of four words: stream, category, types with commas between them,
 * tags likewise, {@code ~} where nothing is said. Names are as in a URL, so that they have none of these separators.
 */
final class WantedTable {
    private static final String NOTHING = "~";

    private WantedTable() {}

    /** Makes the table if it is not there. */
    static void create(Connection connection) throws SQLException {
        Sql.execute(
                connection,
                "CREATE TABLE IF NOT EXISTS leftfold_wanted (build VARCHAR(60) NOT NULL PRIMARY KEY,"
                        + " query TEXT NOT NULL)");
    }

    /** Notes what the build wants. */
    static void put(Connection connection, Build build, Query query) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO leftfold_wanted (build, query) VALUES (?, ?)"
                        + " ON CONFLICT (build) DO UPDATE SET query = excluded.query",
                build.key(),
                text(query));
    }

    /** Returns what the build wants; every event, if that was not noted. */
    static Query find(Connection connection, Build build) throws SQLException {
        List<Query> found = Sql.rows(
                connection,
                "SELECT query FROM leftfold_wanted WHERE build = ?",
                row -> query(row.getString(1)),
                build.key());
        return found.isEmpty() ? Query.all() : found.getFirst();
    }

    /** Forgets the build. */
    static void remove(Connection connection, Build build) throws SQLException {
        Sql.update(connection, "DELETE FROM leftfold_wanted WHERE build = ?", build.key());
    }

    static String text(Query query) {
        return query.items().stream().map(WantedTable::text).collect(Collectors.joining("\n"));
    }

    static Query query(String text) {
        return new Query(text.lines().map(WantedTable::item).toList());
    }

    private static String text(Query.Item item) {
        StreamId stream = item.stream();
        return String.join(
                " ",
                word(stream == null ? null : stream.value()),
                word(item.category()),
                list(item.types(), Function.identity()),
                list(item.tags(), Tag::toString));
    }

    private static Query.Item item(String line) {
        String[] words = line.split(" ", -1);
        String stream = name(words[0]);
        return new Query.Item(
                stream == null ? null : StreamId.of(stream),
                name(words[1]),
                set(words[2], Function.identity()),
                set(words[3], Tag::parse));
    }

    private static <T> String list(Collection<T> all, Function<T, String> name) {
        return all.isEmpty()
                ? NOTHING
                : all.stream().map(one -> word(name.apply(one))).collect(Collectors.joining(","));
    }

    private static <T> Set<T> set(String word, Function<String, T> of) {
        return word.equals(NOTHING)
                ? Set.of()
                : Stream.of(word.split(",", -1))
                        .map(one -> of.apply(URLDecoder.decode(one, UTF_8)))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String word(@Nullable String name) {
        return name == null ? NOTHING : URLEncoder.encode(name, UTF_8);
    }

    private static @Nullable String name(String word) {
        return word.equals(NOTHING) ? null : URLDecoder.decode(word, UTF_8);
    }
}
