// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import leftfold.store.EventStore;
import leftfold.store.StreamVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code streams}: which streams there are. */
@Command(
        name = "streams",
        description = "List streams with their versions, oldest first.",
        footer = {"", "Example:", "  leftfold streams --category order --limit 20"})
final class StreamsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--category", paramLabel = "C", description = "Only streams whose name begins with C and '-'.")
    private @Nullable String category;

    @Option(names = "--limit", paramLabel = "N", description = "At most N streams.")
    private long limit = Long.MAX_VALUE;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    StreamsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (limit < 0) {
            throw Refusal.wrongUsage("--limit is " + limit + "; it is 0 or more");
        }
        try (EventStore store = common.location(terminal).openExisting();
                Stream<StreamVersion> all = store.streams()) {
            Iterator<StreamVersion> each =
                    all.filter(this::matches).limit(limit).iterator();
            while (each.hasNext()) {
                terminal.line(line(each.next()));
            }
        }
        return 0;
    }

    private boolean matches(StreamVersion stream) {
        return category == null || category.equals(stream.stream().category());
    }

    private String line(StreamVersion stream) {
        if (common.json()) {
            return Json.object(json -> {
                json.writeStringProperty("stream", stream.stream().value());
                json.writeNumberProperty("version", stream.version());
                json.writeStringProperty("category", stream.stream().category());
            });
        }
        String name = Shown.line(stream.stream().value());
        return String.format(Locale.ROOT, "%8d  %s", stream.version(), name);
    }
}
