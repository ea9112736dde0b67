// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code read}: events, of one stream or of the whole log. */
@Command(
        name = "read",
        description = "Print events: of one stream, or of the whole log in its order.",
        footer = {"", "Example:", "  leftfold read order-1 --backwards --limit 5"})
final class ReadCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Filter filter = new Filter();

    @Option(
            names = "--from",
            paramLabel = "N",
            description = "Nothing before N, inclusive: a version with STREAM, else a position.")
    private @Nullable Long from;

    @Option(names = "--to", paramLabel = "N", description = "Nothing after N, inclusive.")
    private @Nullable Long to;

    @Option(names = "--backwards", description = "The last event first.")
    private boolean backwards;

    @Option(names = "--limit", paramLabel = "N", description = "At most N events.")
    private @Nullable Long limit;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    ReadCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Range range = range();
        Query query = filter.query();
        try (EventStore store = common.location(terminal).openExisting();
                Stream<RecordedEvent> events = read(store, query, range)) {
            for (Iterator<RecordedEvent> each = events.iterator(); each.hasNext(); ) {
                RecordedEvent event = each.next();
                terminal.line(common.json() ? EventJson.line(event) : EventText.line(event));
            }
        }
        return 0;
    }

    private Range range() {
        long low = notNegative("--from", from, 0);
        long high = notNegative("--to", to, Long.MAX_VALUE);
        if (limit != null && limit < 0) {
            throw Refusal.wrongUsage("--limit is " + limit + "; it is 0 or more");
        }
        long most = limit == null ? Long.MAX_VALUE : limit;
        if (low <= high) {
            return new Range(low, high, most);
        }
        if (backwards) {
            return new Range(high, low, most);
        }
        throw Refusal.wrongUsage("--from " + low + " lies after --to " + high + "; swap them, or add --backwards");
    }

    private Stream<RecordedEvent> read(EventStore store, Query query, Range range) {
        StreamId stream = filter.stream();
        if (stream == null) {
            return backwards
                    ? store.read(query, range.high(), Direction.BACKWARDS, range.limit())
                            .takeWhile(event -> event.position() >= range.low())
                    : store.read(query, range.low(), Direction.FORWARDS, range.limit())
                            .takeWhile(event -> event.position() <= range.high());
        }
        Streams.requireVersion(store, stream, "--from", range.low() - 1);
        Stream<RecordedEvent> events = backwards
                ? store.readStream(stream, range.high(), Direction.BACKWARDS, Long.MAX_VALUE)
                        .takeWhile(event -> event.version() >= range.low())
                : store.readStream(stream, range.low(), Direction.FORWARDS, Long.MAX_VALUE)
                        .takeWhile(event -> event.version() <= range.high());
        return events.filter(query::matches).limit(range.limit());
    }

    private static long notNegative(String option, @Nullable Long value, long otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value < 0) {
            throw Refusal.wrongUsage(option + " is " + value + "; versions and positions count from 1");
        }
        return value;
    }

    /** Both ends inclusive; events count from 1. */
    private record Range(long low, long high, long limit) {}
}
