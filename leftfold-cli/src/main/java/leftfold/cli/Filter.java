// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which events a command is about. */
final class Filter {
    @Parameters(arity = "0..1", paramLabel = "STREAM", description = "Only this stream's events, by version.")
    private @Nullable StreamId stream;

    @Option(
            names = "--category",
            paramLabel = "C",
            description = "Only events of streams whose name begins with C and '-'.")
    private @Nullable String category;

    @Option(names = "--type", paramLabel = "T", description = "Only events of this type; again for one more.")
    private final List<String> types = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "K:V", description = "Only events with this tag; again to narrow further.")
    private final List<Tag> tags = new ArrayList<>();

    /** Returns the one stream, or null for all. */
    @Nullable StreamId stream() {
        return stream;
    }

    /** Returns what an event must fulfil. */
    Query query() {
        if (stream != null && category != null) {
            throw Refusal.wrongUsage("a STREAM has one category; leave out --category");
        }
        return Query.of(new Query.Item(stream, category, new LinkedHashSet<>(types), new LinkedHashSet<>(tags)));
    }
}
