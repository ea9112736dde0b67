// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.Subscription;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tail}: events as they are recorded. */
@Command(
        name = "tail",
        description = "Print events as they are recorded, until Ctrl-C.",
        footer = {"", "Example:", "  leftfold tail --category order --from 1"})
final class TailCommand implements Callable<Integer> {
    private static final int BATCH_EVENTS_MAX = 500;
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final Terminal terminal;

    @Mixin
    private final Filter filter = new Filter();

    @Option(
            names = "--from",
            paramLabel = "N",
            description = "Begin there, inclusive: a version with STREAM, else a position. Default: what comes next.")
    private @Nullable Long from;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after N events.")
    private @Nullable Long limit;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    TailCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((from != null && from < 0) || (limit != null && limit < 0)) {
            throw Refusal.wrongUsage("--from and --limit are 0 or more");
        }
        Query query = filter.query();
        try (EventStore store = common.location(terminal).openExisting();
                Subscription subscription = store.subscribe(query, after(store))) {
            follow(subscription);
        }
        return 0;
    }

    private void follow(Subscription subscription) throws InterruptedException {
        long left = limit == null ? Long.MAX_VALUE : limit;
        while (left > 0) {
            int room = (int) Math.min(left, BATCH_EVENTS_MAX);
            for (RecordedEvent event : subscription.next(room, WAIT).events()) {
                if (begun(event)) {
                    terminal.line(common.json() ? EventJson.line(event) : EventText.line(event));
                    left--;
                }
            }
        }
    }

    private long after(EventStore store) {
        if (from == null) {
            return store.head();
        }
        return filter.stream() == null ? Math.max(0, from - 1) : 0;
    }

    private boolean begun(RecordedEvent event) {
        return from == null || filter.stream() == null || event.version() >= from;
    }
}
