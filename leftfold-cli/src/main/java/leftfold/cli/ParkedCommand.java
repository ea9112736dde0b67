// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leftfold.jdbc.DeadLetter;
import leftfold.jdbc.JdbcProjection;
import leftfold.jdbc.ProjectionStatus;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.ReadModels;
import leftfold.store.EventStore;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code projections parked}: the events that a projection put aside. */
@Command(
        name = "parked",
        description = {
            "List the events that a projection put aside because its handler failed.",
            "--retry runs the projection, which brings it up to date too; an event is then handled out of its order."
        },
        footer = {"", "Example:", "  leftfold projections parked feed --retry 17"})
final class ParkedCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 20;

    private final Terminal terminal;

    @Parameters(index = "0", arity = "1", paramLabel = "NAME", description = "The projection.")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "POSITION", description = "Only the event at this position.")
    private @Nullable Long position;

    @Option(names = "--retry", description = "Handle them again.")
    private boolean retry;

    @Option(names = "--drop", description = "Forget them.")
    private boolean drop;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    ParkedCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (retry && drop) {
            throw Refusal.wrongUsage("give --retry or --drop, not both");
        }
        Location location = common.location(terminal);
        try (EventStore store = location.openExisting()) {
            ReadSide side = ReadSide.of(location);
            JdbcProjection projection = side.projection(name);
            ReadDatabase database = new ReadDatabase(side.database());
            List<DeadLetter> letters = letters(database.models());
            if (drop) {
                for (DeadLetter letter : letters) {
                    database.models().dropDeadLetter(name, letter.position());
                    print(letter, "dropped");
                }
            } else if (retry) {
                retry(store, database, projection, letters);
            } else {
                letters.forEach(letter -> print(letter, letter.retrying() ? "retrying" : "parked"));
            }
        }
        return 0;
    }

    private List<DeadLetter> letters(ReadModels models) {
        List<DeadLetter> letters = models.deadLetters(name).stream()
                .filter(letter -> position == null || letter.position() == position)
                .toList();
        if (letters.isEmpty() && position != null) {
            throw Refusal.failed(Shown.line(name) + " has put no event at position " + position
                    + " aside; leave the position out to see which it has");
        }
        if (letters.isEmpty() && !common.json()) {
            terminal.line(Shown.line(name) + " has put no event aside");
        }
        return letters;
    }

    private void retry(EventStore store, ReadDatabase database, JdbcProjection projection, List<DeadLetter> letters)
            throws InterruptedException {
        if (letters.isEmpty()) {
            return;
        }
        ReadModels models = database.models();
        requireReadVersion(models.status(store), projection);
        letters.forEach(letter -> models.retry(name, letter.position()));
        Interruption interruption = new Interruption(() -> {});
        try (interruption;
                Follower follower = database.run(store, projection)) {
            while (models.deadLetters(name).stream().anyMatch(DeadLetter::retrying)) {
                if (follower.status().state() instanceof FollowerStatus.State.Failed) {
                    throw Refusal.failed(follower.status() + "; see leftfold projections status " + name);
                }
                new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            if (!interruption.asked()) {
                throw e;
            }
            return;
        }
        tellOutcome(letters, models.deadLetters(name));
    }

    private void tellOutcome(List<DeadLetter> letters, List<DeadLetter> left) {
        List<DeadLetter> failed = new ArrayList<>();
        for (DeadLetter letter : letters) {
            left.stream()
                    .filter(one -> one.position() == letter.position())
                    .findFirst()
                    .ifPresentOrElse(failed::add, () -> print(letter, "handled"));
        }
        failed.forEach(letter -> print(letter, "parked"));
        if (!failed.isEmpty()) {
            throw Refusal.failed(Shown.count(failed.size(), "event") + " of " + letters.size()
                    + " failed again; correct the handler, or drop what cannot be handled");
        }
    }

    /** What readers see is filled by the code of its own version only. */
    private static void requireReadVersion(List<ProjectionStatus> all, JdbcProjection projection) {
        int declared = projection.id().projectionVersion();
        for (ProjectionStatus status : all) {
            if (status.name().equals(projection.id().name())
                    && status.state() == ProjectionStatus.State.LIVE
                    && status.projectionVersion() != declared) {
                throw Refusal.failed("readers see version " + status.projectionVersion() + " of " + status.name()
                        + ", and this program has version " + declared + "; rebuild it, and readers see this one");
            }
        }
    }

    private void print(DeadLetter letter, String outcome) {
        if (common.json()) {
            terminal.line(Json.object(json -> {
                json.writeStringProperty("name", name);
                json.writeNumberProperty("position", letter.position());
                json.writeStringProperty("eventId", letter.eventId().toString());
                json.writeStringProperty("stream", letter.stream());
                json.writeStringProperty("type", letter.type());
                json.writeStringProperty("state", outcome);
                json.writeStringProperty("cause", letter.cause());
            }));
        } else {
            terminal.line(String.format(Locale.ROOT, "%8d  %-9s", letter.position(), outcome)
                    + Shown.line(letter.type()) + "  " + Shown.line(letter.stream()) + "  " + letter.eventId() + "  "
                    + Shown.line(letter.cause()));
        }
    }
}
