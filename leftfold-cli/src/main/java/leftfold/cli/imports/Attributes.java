// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leftfold.store.Data;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a file says of one event, in its order, on the way to JSON. A key that stands twice holds an array of its
 * values. Confined to one thread.
 */
final class Attributes {
    /** The key under which every event that has a time keeps it, as text and as the file has it. */
    static final String TIME = "time:timestamp";

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Set<String> repeated = new HashSet<>();

    /** Adds one value: text, a number, a truth value, a list or a map of these. */
    void put(String key, Object value) {
        Object before = values.putIfAbsent(key, value);
        if (before == null) {
            return;
        }
        List<Object> both = new ArrayList<>(repeated.add(key) ? List.of(before) : (List<?>) before);
        both.add(value);
        values.put(key, both);
    }

    /** Keeps {@code time} under {@link #TIME} too, if nothing else stands there. */
    void time(Object time) {
        values.putIfAbsent(TIME, time);
    }

    /** Returns the values by key. */
    Map<String, Object> values() {
        return values;
    }

    /**
     * Returns the values as a JSON object.
     *
     * @throws IllegalArgumentException if they are larger than an event's data may be
     */
    Data toData() {
        return Data.of(JsonMapper.shared().writeValueAsBytes(values), Data.JSON);
    }
}
