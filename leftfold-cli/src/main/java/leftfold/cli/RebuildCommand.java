// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import leftfold.jdbc.ProjectionStatus;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.ReadModels;
import leftfold.jdbc.Rebuild;
import leftfold.store.EventStore;
import leftfold.subscription.FollowerStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code projections rebuild}: a projection anew, beside what readers see. */
@Command(
        name = "rebuild",
        description = {
            "Build projections anew from the first event, beside what readers see, and show it when complete.",
            "One that broke off goes on where it was. What readers saw before is kept until it is dropped."
        },
        footer = {"", "Example:", "  leftfold projections rebuild feed"})
final class RebuildCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Terminal terminal;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The projections; several share one scan.")
    private final List<String> names = new ArrayList<>();

    @Option(names = "--rollback", description = "Instead: take readers back to the build they saw before.")
    private boolean rollback;

    @Option(names = "--drop-old", description = "Instead: drop the builds that readers have left.")
    private boolean dropOld;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    RebuildCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (rollback && dropOld) {
            throw Refusal.wrongUsage("give --rollback or --drop-old, not both");
        }
        Set<String> wanted = new LinkedHashSet<>(names);
        Location location = common.location(terminal);
        try (EventStore store = location.openExisting()) {
            ReadSide side = ReadSide.of(location);
            wanted.forEach(side::projection);
            ReadDatabase database = new ReadDatabase(side.database());
            if (rollback) {
                wanted.forEach(name -> rollback(store, side, database.models(), name));
            } else if (dropOld) {
                for (String name : wanted) {
                    dropOld(database.models(), name);
                }
            } else {
                rebuild(store, side, database, wanted);
            }
        }
        return 0;
    }

    private void rollback(EventStore store, ReadSide side, ReadModels models, String name) {
        ProjectionStatus now = models.rollback(store, name);
        print(
                ProjectionLines.Standing.of(now, store, side),
                "readers see " + ProjectionLines.name(now) + " again, at position " + now.position());
    }

    private void dropOld(ReadModels models, String name) throws InterruptedException {
        List<String> dropped = models.dropOld(name);
        if (common.json()) {
            terminal.line(Json.object(json -> {
                json.writeStringProperty("name", name);
                json.writeArrayPropertyStart("dropped");
                dropped.forEach(json::writeString);
                json.writeEndArray();
            }));
        } else {
            terminal.line(
                    dropped.isEmpty()
                            ? "nothing to drop: readers have left no build of " + Shown.line(name)
                            : "dropped " + String.join(", ", dropped));
        }
    }

    private void rebuild(EventStore store, ReadSide side, ReadDatabase database, Set<String> wanted)
            throws InterruptedException {
        Interruption interruption = new Interruption(this::sayInterrupted);
        try (interruption;
                Progress progress = Progress.of(terminal, "rebuild", store.head() * wanted.size());
                Rebuild rebuild = database.rebuild(
                        store, wanted.stream().map(side::projection).toList())) {
            Set<String> told = new HashSet<>();
            while (!rebuild.await(LOOK) && !rebuild.ended()) {
                progress.at(rebuild.status().stream()
                        .mapToLong(FollowerStatus::position)
                        .sum());
                rebuild.status().forEach(status -> tellWaiting(status, told));
            }
            refuseFailed(rebuild);
        } catch (InterruptedException e) {
            if (!interruption.asked()) {
                throw e;
            }
            return;
        }
        for (ProjectionStatus now : database.models().status(store)) {
            if (wanted.contains(now.name()) && now.state() == ProjectionStatus.State.LIVE) {
                print(
                        ProjectionLines.Standing.of(now, store, side),
                        "readers see " + ProjectionLines.name(now) + ", at position " + now.position());
            }
        }
    }

    /** A rebuild that waits for another process would otherwise look as if it hung. */
    private void tellWaiting(FollowerStatus status, Set<String> told) {
        if (status.state() instanceof FollowerStatus.State.Waiting(String reason) && told.add(reason)) {
            terminal.error(status.name() + " is waiting: " + reason);
        }
    }

    private static void refuseFailed(Rebuild rebuild) {
        List<String> failed = rebuild.status().stream()
                .filter(status -> status.state() instanceof FollowerStatus.State.Failed)
                .map(FollowerStatus::toString)
                .toList();
        if (!failed.isEmpty()) {
            throw Refusal.failed(String.join("; ", failed)
                    + "; readers see what they saw before; correct the handler and rebuild it again");
        }
    }

    private void print(ProjectionLines.Standing now, String text) {
        terminal.line(common.json() ? ProjectionLines.json(now) : text);
    }

    /** Ends the process itself: Java would make an exit code of the signal. */
    private void sayInterrupted() {
        terminal.error("interrupted; readers see what they saw before, and the same rebuild goes on where it was");
        Runtime.getRuntime().halt(Refusal.FAILED);
    }
}
