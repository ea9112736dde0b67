// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import leftfold.store.Data;
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
        String contentType = row.getString(6);
        byte[] bytes = row.getBytes(8);
        OutboxMessage message = new OutboxMessage(
                row.getObject(3, UUID.class),
                row.getString(4),
                row.getString(5),
                Data.wrap(bytes, 0, bytes.length, contentType == null ? Data.JSON : contentType),
                headers(row.getArray(7)));
        return new PublishedMessage(row.getLong(1), EventRow.instant(row.getLong(2)), message);
    }

    /** Returns the column for headers, as a text. */
    static @Nullable String headers(OutboxMessage message) {
        if (message.headers().isEmpty()) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        message.headers().forEach((name, value) -> {
            texts.add(name);
            texts.add(value);
        });
        return TextArray.of(texts);
    }

    private static Map<String, String> headers(@Nullable Array array) throws SQLException {
        Map<String, String> headers = new LinkedHashMap<>();
        String[] texts = array == null ? new String[0] : (String[]) Objects.requireNonNull(array.getArray());
        for (int i = 0; i < texts.length; i += 2) {
            headers.put(texts[i], texts[i + 1]);
        }
        return headers;
    }
}
