// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the tables say the same as each other, as far as SQL can tell. Whether the bytes on the disk are those that
 * were written is for PostgreSQL's own checksums to say ({@code initdb --data-checksums}, pg_amcheck).
 */
final class Verification {
    private static final String LIMIT = " ORDER BY 1 LIMIT 10";

    /** Not before the first partition: those that were there have been moved away. */
    private static final String THERE =
            ">= (SELECT min(substring(pg_get_expr(relpartbound, oid) FROM '[0-9]+')::bigint)"
                    + " FROM pg_class JOIN pg_inherits ON inhrelid = oid"
                    + " WHERE inhparent = 'leftfold_events'::regclass)";

    private static final String POSTINGS =
            "SELECT p.block + o AS position, p.key FROM leftfold_postings p, unnest(p.offsets) AS o";
    private static final String POSTED =
            "SELECT position, unnest(ARRAY['t:' || type, 'c:' || split_part(stream, '-', 1)])"
                    + " FROM leftfold_events WHERE position <= (SELECT max(position) / 256 * 256 FROM leftfold_events)";

    /** What must not be found: each row's first column is a position. */
    private record Check(String finding, String sql) {}

    private static final List<Check> CHECKS = List.of(
            new Check(
                    "the position before it is missing",
                    "SELECT position FROM (SELECT position, lag(position) OVER (ORDER BY position) AS before"
                            + " FROM leftfold_events) AS e WHERE position <> before + 1"),
            new Check(
                    "it was recorded before the event before it",
                    "SELECT position FROM (SELECT position, recorded_at,"
                            + " lag(recorded_at) OVER (ORDER BY position) AS before FROM leftfold_events) AS e"
                            + " WHERE recorded_at < before"),
            new Check(
                    "its version does not follow from the event before it in its stream",
                    "SELECT position FROM (SELECT position, version, lag(version) OVER"
                            + " (PARTITION BY stream_id ORDER BY position) AS before FROM leftfold_events) AS e"
                            + " WHERE version <> before + 1"),
            new Check(
                    "its id stands in its stream twice",
                    "SELECT max(position) FROM leftfold_events GROUP BY stream_id, event_id HAVING count(*) > 1"),
            new Check(
                    "leftfold_streams does not name its stream",
                    "SELECT position FROM leftfold_events e LEFT JOIN leftfold_streams s ON s.id = e.stream_id"
                            + " WHERE s.name IS DISTINCT FROM e.stream"),
            new Check(
                    "leftfold_streams says that a stream begins here, and none does",
                    "SELECT id AS position FROM leftfold_streams s WHERE id " + THERE
                            + " AND NOT EXISTS (SELECT 1 FROM leftfold_events e"
                            + " WHERE e.position = s.id AND e.stream_id = s.id AND e.version = 1)"),
            new Check(
                    "leftfold_tags lacks a tag of it",
                    "SELECT position FROM (SELECT e.position, t.tag FROM leftfold_events e, unnest(e.tags) AS t (tag)"
                            + " EXCEPT SELECT position, tag FROM leftfold_tags) AS missing"),
            new Check(
                    "leftfold_tags says a tag that it does not have",
                    "SELECT position FROM (SELECT position, tag FROM leftfold_tags WHERE position " + THERE
                            + " EXCEPT SELECT e.position, t.tag"
                            + " FROM leftfold_events e, unnest(e.tags) AS t (tag)) AS more"),
            new Check(
                    "leftfold_postings lacks it, or says another type or category",
                    "SELECT DISTINCT position FROM (" + POSTED + " EXCEPT " + POSTINGS + ") AS missing"),
            new Check(
                    "leftfold_postings says a type or category that it does not have",
                    "SELECT DISTINCT position FROM (" + POSTINGS + " EXCEPT " + POSTED + ") AS more WHERE position "
                            + THERE));

    private Verification() {}

    /** Reads all tables; appends go on meanwhile. */
    static PostgresVerifyReport run(Rows rows) {
        List<String> findings = new ArrayList<>();
        for (Check check : CHECKS) {
            for (long position : rows.find(row -> row.getLong(1), check.sql + LIMIT, List.of())) {
                findings.add("position " + position + ": " + check.finding);
            }
        }
        return new PostgresVerifyReport(
                rows.number("SELECT count(*) FROM leftfold_events"),
                rows.number("SELECT count(*) FROM leftfold_streams"),
                findings);
    }
}
