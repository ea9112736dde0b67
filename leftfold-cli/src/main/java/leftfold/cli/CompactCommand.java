// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.concurrent.Callable;
import leftfold.log.CompactReport;
import leftfold.log.LogEventStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.core.JsonGenerator;

/** {@code compact}: the events of each stream together. */
@Command(
        name = "compact",
        description = {
            "Store the events of each stream together, in all segments but the last, so that old streams are read with"
                    + " few seeks. No position changes. Needs up to 1 GiB of room on the disk, for a time."
        },
        footer = {"", "Example:", "  leftfold compact --store ./leftfold-data"})
final class CompactCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    CompactCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Location location = common.location(terminal);
        if (!location.isFolder()) {
            throw Refusal.failed("nothing to compact at " + location.shown() + "; only a folder has segments");
        }
        location.requireExisting();
        CompactReport done;
        try (LogEventStore store = LogEventStore.open(location.folder())) {
            done = store.compact();
        }
        if (common.json()) {
            terminal.line(Json.object(json -> write(json, location, done)));
        } else if (done.events() == 0) {
            terminal.line(location.shown() + ": nothing to compact");
        } else {
            terminal.line(location.shown() + ": " + Shown.count(done.events(), "event") + ", "
                    + Shown.count(done.segmentsBefore(), "segment") + " now " + done.segmentsAfter());
        }
        return 0;
    }

    private static void write(JsonGenerator json, Location location, CompactReport done) {
        json.writeStringProperty("store", location.shown());
        json.writeNumberProperty("events", done.events());
        json.writeNumberProperty("segmentsBefore", done.segmentsBefore());
        json.writeNumberProperty("segmentsAfter", done.segmentsAfter());
    }
}
