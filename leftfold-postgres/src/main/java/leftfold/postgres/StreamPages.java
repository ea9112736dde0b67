// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.List;
import java.util.stream.Stream;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;

/** The log's streams in pages, each read by a statement of its own. */
final class StreamPages {
    private static final int PAGE = 1_000;
    private static final String SQL = "SELECT s.id, s.name, (SELECT e.version FROM leftfold_events e"
            + " WHERE e.stream_id = s.id ORDER BY e.stream_id DESC, e.version DESC LIMIT 1)"
            + " FROM leftfold_streams s WHERE s.id > ? AND s.id <= ? ORDER BY s.id LIMIT " + PAGE;

    /** A stream, and where the next page begins. */
    private record Found(long id, StreamVersion stream) {}

    private StreamPages() {}

    /** Returns the streams that begin at or before {@code head}, in the order of their first events. */
    static Stream<StreamVersion> of(Rows rows, long head) {
        return Stream.iterate(
                        page(rows, 0, head),
                        page -> !page.isEmpty(),
                        page -> page.size() < PAGE
                                ? List.<Found>of()
                                : page(rows, page.getLast().id(), head))
                .flatMap(List::stream)
                .map(Found::stream);
    }

    private static List<Found> page(Rows rows, long after, long head) {
        return rows.find(
                row -> new Found(row.getLong(1), new StreamVersion(StreamId.of(row.getString(2)), row.getLong(3))),
                SQL,
                List.of(after, head));
    }
}
