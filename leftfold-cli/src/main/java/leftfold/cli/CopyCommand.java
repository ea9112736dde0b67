// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import leftfold.store.EventStore;
import leftfold.store.RestorableStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code copy}: a whole log into another store. */
@Command(
        name = "copy",
        description = {
            "Copy a whole log into another store, with its ids, times, order, positions and versions, and compare every"
                    + " event of the two.",
            "What is appended to the source meanwhile is not copied; the same command again brings it, and goes on"
                    + " where an interrupted copy was."
        },
        footer = {"", "Example:", "  leftfold copy --from ./leftfold-data --to /mnt/disk2/leftfold-data"})
final class CopyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "LOCATION",
            description = "The store to copy; nothing in it changes.")
    private String from = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "LOCATION",
            description = "A new store, or one that holds the beginning of the other.")
    private String to = "";

    @Option(
            names = "--no-verify",
            description = "Compare only the event where the copy begins, not every event of the two stores.")
    private boolean unverified;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    private volatile long reached; // read by the thread that ends the process

    /** What a copy did: the position up to which both stores are the same, and how many events it took. */
    private record Done(long events, long copied, long compared) {}

    /** Creates the command. */
    CopyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Location source = Location.given("--from", from);
        Location target = Location.given("--to", to);
        checkDifferent(source, target);
        Interruption interruption = new Interruption(this::sayInterrupted);
        try (interruption;
                EventStore read = source.openExisting();
                EventStore written = target.open()) {
            if (read.id().equals(written.id())) {
                throw Refusal.failed("--from and --to are the same log, " + read.id() + "; name another target");
            }
            if (!(written instanceof RestorableStore restorable)) {
                throw Refusal.failed(
                        target.shown() + " cannot take a copy; its kind of store does not keep given positions");
            }
            print(copy(new LogCopy(read, restorable), restorable.head()));
        } catch (IOException | RuntimeException e) {
            if (!interruption.asked()) {
                throw e;
            }
        }
        return 0;
    }

    private void checkDifferent(Location source, Location target) throws IOException {
        boolean folders = source.isFolder() && target.isFolder();
        boolean there = folders && Files.exists(source.folder()) && Files.exists(target.folder());
        boolean same = there ? Files.isSameFile(source.folder(), target.folder()) : from.equals(to);
        if (same) {
            throw Refusal.wrongUsage("--from and --to name the same store; name another target");
        }
    }

    /** Compares what is there, copies, and compares what was copied. */
    private Done copy(LogCopy copy, long start) throws IOException {
        reached = start;
        long compared = 0;
        if (unverified) {
            copy.checkLast();
        } else {
            compared = compare(copy, 1, Math.min(start, copy.end()));
        }
        copy.checkNotAhead();
        long copied;
        try (Progress progress = Progress.of(terminal, "copy", copy.end())) {
            copied = copy.copy(position -> {
                reached = position;
                progress.at(position);
            });
        }
        if (!unverified) {
            compared += compare(copy, start + 1, copy.end());
        }
        return new Done(copy.end(), copied, compared);
    }

    private long compare(LogCopy copy, long first, long last) throws IOException {
        try (Progress progress = Progress.of(terminal, "compare", copy.end())) {
            return copy.compare(first, last, progress::at);
        }
    }

    /** Ends the process itself: Java would make an exit code of the signal. */
    private void sayInterrupted() {
        terminal.error("interrupted at position " + reached
                + "; what was copied stays: the same command again goes on from there");
        Runtime.getRuntime().halt(Refusal.FAILED);
    }

    private void print(Done done) {
        if (output.json()) {
            terminal.line(Json.object(json -> {
                json.writeStringProperty("from", Location.given("--from", from).shown());
                json.writeStringProperty("to", Location.given("--to", to).shown());
                json.writeNumberProperty("events", done.events());
                json.writeNumberProperty("copied", done.copied());
                json.writeNumberProperty("compared", done.compared());
            }));
        } else {
            terminal.line(Shown.line(to) + ": " + Shown.count(done.copied(), "event") + " copied from "
                    + Shown.line(from) + ", " + compared(done));
        }
    }

    private String compared(Done done) {
        return unverified
                ? "not compared"
                : done.compared() == 0
                        ? "nothing to compare"
                        : Shown.count(done.compared(), "event") + " compared, all the same";
    }
}
