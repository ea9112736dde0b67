// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import leftfold.store.Data;
import org.jspecify.annotations.Nullable;

/** What columns of events and of messages have in common. */
final class Columns {
    private Columns() {}

    /** Returns the column for the content type of {@code data}; null for JSON. */
    static @Nullable String contentType(Data data) {
        return data.contentType().equals(Data.JSON) ? null : data.contentType();
    }

    /** Returns the data that is {@code bytes} and a column for its content type. */
    static Data data(byte[] bytes, @Nullable String contentType) {
        return Data.wrap(bytes, 0, bytes.length, contentType == null ? Data.JSON : contentType);
    }

    /** Returns the texts of a column that is an array; none where it is null. */
    static @Nullable String[] texts(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? new String[0] : (@Nullable String[]) array.getArray();
    }

    /** Adds names and values in turn to {@code texts}. */
    static void addPairs(Map<String, String> pairs, List<@Nullable String> texts) {
        pairs.forEach((name, value) -> {
            texts.add(name);
            texts.add(value);
        });
    }

    /** Returns what {@link #addPairs} added, in its order, from the text at {@code first} on. */
    static Map<String, String> pairs(@Nullable String[] texts, int first) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = first; i < texts.length; i += 2) {
            pairs.put(Objects.requireNonNull(texts[i]), Objects.requireNonNull(texts[i + 1]));
        }
        return pairs;
    }
}
