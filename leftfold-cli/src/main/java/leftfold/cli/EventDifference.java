// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/** What two events differ in, by name and never by value: data may be personal. */
final class EventDifference {
    private final List<String> names = new ArrayList<>();

    private EventDifference() {}

    /** Returns the names of what differs, the order of tags and headers included; empty if the events are the same. */
    static List<String> between(RecordedEvent one, RecordedEvent other) {
        EventDifference found = new EventDifference();
        found.compare("position", one.position(), other.position());
        found.compare("stream", one.stream(), other.stream());
        found.compare("version", one.version(), other.version());
        found.compare("id", one.id(), other.id());
        found.compare("type", one.type(), other.type());
        found.compare("schemaVersion", one.schemaVersion(), other.schemaVersion());
        found.compare("recordedAt", one.recordedAt(), other.recordedAt());
        found.compare("metadata", one.metadata(), other.metadata());
        found.compare("order of headers", headers(one.metadata()), headers(other.metadata()));
        found.compare("tags", one.tags(), other.tags());
        found.compare("order of tags", List.copyOf(one.tags()), List.copyOf(other.tags()));
        found.compare("data", one.data(), other.data());
        return found.names;
    }

    private static List<String> headers(Metadata metadata) {
        Map<String, String> headers = metadata.headers();
        return headers.isEmpty() ? List.of() : List.copyOf(headers.keySet());
    }

    private void compare(String name, @Nullable Object one, @Nullable Object other) {
        if (!Objects.equals(one, other)) {
            names.add(name);
        }
    }
}
