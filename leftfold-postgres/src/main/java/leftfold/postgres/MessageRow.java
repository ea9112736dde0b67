// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a message lies in a row of {@code leftfold_outbox} or {@code leftfold_outbox_parked}. */
final class MessageRow {
    /** The columns that {@link #read} wants, in its order. */
    static final String COLUMNS = "position, published_at, id, key, type, content_type, headers, data";

    /** How many columns these are. */
    static final int COLUMN_COUNT = 8;

    private MessageRow() {}

    /** Returns the message in the row at hand. */
    static PublishedMessage read(ResultSet row) throws SQLException {
        OutboxMessage message = new OutboxMessage(
                row.getObject(3, UUID.class),
                row.getString(4),
                row.getString(5),
                Columns.data(row.getBytes(8), row.getString(6)),
                Columns.pairs(Columns.texts(row, 7), 0));
        return new PublishedMessage(row.getLong(1), EventRow.instant(row.getLong(2)), message);
    }

    /** Returns the column for headers, as a text. */
    static @Nullable String headers(OutboxMessage message) {
        if (message.headers().isEmpty()) {
            return null;
        }
        List<@Nullable String> texts = new ArrayList<>();
        Columns.addPairs(message.headers(), texts);
        return TextArray.of(texts);
    }
}
