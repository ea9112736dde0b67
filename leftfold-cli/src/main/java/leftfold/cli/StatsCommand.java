// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.core.JsonGenerator;

/** {@code stats}: what is there, counted. */
@Command(
        name = "stats",
        description = "Count events and streams by category and type; reads the whole log.",
        footer = {"", "Example:", "  leftfold stats --store ./leftfold-data"})
final class StatsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    StatsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Location location = common.location(terminal);
        try (EventStore store = location.openExisting()) {
            Counts counts = count(store);
            if (common.json()) {
                terminal.line(Json.object(json -> write(json, location, counts)));
            } else {
                print(location, counts);
            }
        }
        return 0;
    }

    private Counts count(EventStore store) {
        Counts counts = new Counts();
        try (Stream<StreamVersion> streams = store.streams()) {
            streams.forEach(stream ->
                    counts.categories.computeIfAbsent(stream.stream().category(), name -> new Count()).streams++);
        }
        try (Progress progress = Progress.of(terminal, "stats", store.head());
                Stream<RecordedEvent> events = store.read(Query.all(), 0, Direction.FORWARDS, Long.MAX_VALUE)) {
            for (Iterator<RecordedEvent> each = events.iterator(); each.hasNext(); ) {
                RecordedEvent event = each.next();
                counts.add(event);
                progress.at(event.position());
            }
        }
        return counts;
    }

    private void print(Location location, Counts counts) {
        terminal.line("store       " + location.shown());
        terminal.line("events      " + Shown.number(counts.events));
        terminal.line("streams     " + Shown.number(counts.streams()));
        terminal.line("data bytes  " + Shown.number(counts.dataBytes));
        if (counts.first != null && counts.last != null) {
            terminal.line("recorded    " + Shown.time(counts.first) + " to " + Shown.time(counts.last));
        }
        terminal.line("");
        terminal.line(String.format(Locale.ROOT, "%12s  %12s  %s", "events", "streams", "category"));
        for (Map.Entry<String, Count> entry : counts.byEvents(counts.categories)) {
            terminal.line(String.format(
                    Locale.ROOT,
                    "%,12d  %,12d  %s",
                    entry.getValue().events,
                    entry.getValue().streams,
                    Shown.line(entry.getKey())));
        }
        terminal.line("");
        terminal.line(String.format(Locale.ROOT, "%12s  %s", "events", "type"));
        for (Map.Entry<String, Count> entry : counts.byEvents(counts.types)) {
            terminal.line(String.format(Locale.ROOT, "%,12d  %s", entry.getValue().events, Shown.line(entry.getKey())));
        }
    }

    private static void write(JsonGenerator json, Location location, Counts counts) {
        json.writeStringProperty("store", location.shown());
        json.writeNumberProperty("events", counts.events);
        json.writeNumberProperty("streams", counts.streams());
        json.writeNumberProperty("dataBytes", counts.dataBytes);
        if (counts.first != null && counts.last != null) {
            json.writeStringProperty("firstRecordedAt", counts.first.toString());
            json.writeStringProperty("lastRecordedAt", counts.last.toString());
        }
        json.writeArrayPropertyStart("categories");
        for (Map.Entry<String, Count> entry : counts.byEvents(counts.categories)) {
            json.writeStartObject();
            json.writeStringProperty("category", entry.getKey());
            json.writeNumberProperty("streams", entry.getValue().streams);
            json.writeNumberProperty("events", entry.getValue().events);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("types");
        for (Map.Entry<String, Count> entry : counts.byEvents(counts.types)) {
            json.writeStartObject();
            json.writeStringProperty("type", entry.getKey());
            json.writeNumberProperty("events", entry.getValue().events);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** How many of one kind. */
    private static final class Count {
        private long streams;
        private long events;
    }

    /** What has been counted so far. */
    private static final class Counts {
        private final Map<String, Count> categories = new HashMap<>();
        private final Map<String, Count> types = new HashMap<>();
        private long events;
        private long dataBytes;
        private @Nullable Instant first;
        private @Nullable Instant last;

        private void add(RecordedEvent event) {
            events++;
            dataBytes += event.data().size();
            first = first == null ? event.recordedAt() : first;
            last = event.recordedAt();
            categories.computeIfAbsent(event.stream().category(), name -> new Count()).events++;
            types.computeIfAbsent(event.type(), name -> new Count()).events++;
        }

        private long streams() {
            return categories.values().stream()
                    .mapToLong(count -> count.streams)
                    .sum();
        }

        private List<Map.Entry<String, Count>> byEvents(Map<String, Count> counts) {
            return counts.entrySet().stream()
                    .sorted(Comparator.comparingLong((Map.Entry<String, Count> entry) -> -entry.getValue().events)
                            .thenComparing(Map.Entry::getKey))
                    .toList();
        }
    }
}
