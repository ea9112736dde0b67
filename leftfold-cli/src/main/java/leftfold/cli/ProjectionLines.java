// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import leftfold.jdbc.JdbcProjection;
import leftfold.jdbc.ProjectionStatus;
import leftfold.jdbc.ReadDatabase;
import leftfold.projection.ProjectionId;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.subscription.Backlog;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Where the builds of projections stand, as text and as JSON; also those that are declared and not built yet. */
final class ProjectionLines {
    /** The state of a projection that is declared and not built yet. */
    private static final String ABSENT = "absent";

    private ProjectionLines() {}

    /**
     * A build, or a declaration without one.
     *
     * @param status of the build; of a declaration, with build 0
     * @param behind whether an event waits that it wants; what it does not want is passed over without a checkpoint
     */
    record Standing(ProjectionStatus status, boolean behind) {
        static Standing of(ProjectionStatus status, EventStore store, ReadSide side) {
            Query wanted = side.projections().stream()
                    .filter(declared -> declared.id().equals(id(status)))
                    .findFirst()
                    .map(declared -> declared.projection().query())
                    .orElse(Query.all());
            return new Standing(
                    status, new Backlog(store, wanted).first(status.position()).isPresent());
        }

        long lagEvents() {
            return behind ? status.lagEvents() : 0;
        }

        Duration lag() {
            return behind ? status.lag() : Duration.ZERO;
        }

        boolean absent() {
            return status.build() == 0;
        }

        String state() {
            return absent() ? ABSENT : status.state().name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns what there is and what is declared, by name, version and build. */
    static List<Standing> all(EventStore store, ReadSide side) {
        List<ProjectionStatus> all =
                new ArrayList<>(new ReadDatabase(side.database()).models().status(store));
        for (JdbcProjection declared : side.projections()) {
            ProjectionId id = declared.id();
            if (all.stream().noneMatch(there -> id.equals(id(there)))) {
                all.add(absent(store, id));
            }
        }
        return all.stream()
                .sorted(Comparator.comparing(ProjectionStatus::name)
                        .thenComparingInt(ProjectionStatus::projectionVersion)
                        .thenComparingInt(ProjectionStatus::build))
                .map(status -> Standing.of(status, store, side))
                .toList();
    }

    /** Returns one JSON object. */
    static String json(Standing standing) {
        ProjectionStatus status = standing.status();
        return Json.object(json -> {
            json.writeStringProperty("name", status.name());
            json.writeNumberProperty("version", status.projectionVersion());
            json.writeNumberProperty("build", status.build());
            json.writeStringProperty("state", standing.state());
            json.writeNumberProperty("position", status.position());
            json.writeNumberProperty("lagEvents", standing.lagEvents());
            json.writeNumberProperty("lagSeconds", seconds(standing.lag()));
            json.writeBooleanProperty("running", status.running());
            json.writeNumberProperty("positionsPerSecond", status.positionsPerSecond());
            status.eta().ifPresent(eta -> json.writeNumberProperty("etaSeconds", seconds(eta)));
            json.writeNumberProperty("parked", status.deadLetters());
            failure(json, status.failure());
        });
    }

    /** Returns one line for people. */
    static String line(Standing standing) {
        ProjectionStatus status = standing.status();
        return String.format(
                Locale.ROOT,
                "%-28s %-9s at %d of %d%s%s%s",
                name(status),
                standing.state(),
                status.position(),
                status.head(),
                behind(standing),
                status.failure() == null ? "" : ", stopped",
                status.deadLetters() == 0 ? "" : ", " + status.deadLetters() + " parked");
    }

    /** Returns everything, for people. */
    static List<String> details(Standing standing) {
        ProjectionStatus status = standing.status();
        List<String> lines = new ArrayList<>(List.of(line(standing)));
        if (status.running()) {
            String eta = status.eta()
                    .map(left -> ", done in " + seconds(left) + " s")
                    .orElse("");
            lines.add(String.format(Locale.ROOT, "  runs at %,.0f positions/s%s", status.positionsPerSecond(), eta));
        }
        ProjectionStatus.Failure failure = status.failure();
        if (failure != null) {
            UUID event = failure.eventId();
            lines.add("  stopped at position " + failure.position() + (event == null ? "" : ", event " + event) + ": "
                    + Shown.line(failure.cause()));
        }
        if (status.deadLetters() > 0) {
            lines.add("  " + Shown.count(status.deadLetters(), "event") + " put aside; see leftfold projections parked "
                    + status.name());
        }
        return lines;
    }

    /** Returns the name of a build, such as {@code feed v1}, and {@code feed v1.2} for the second one. */
    static String name(ProjectionStatus status) {
        return Shown.line(status.name()) + " v" + status.projectionVersion()
                + (status.build() > 1 ? "." + status.build() : "");
    }

    private static ProjectionId id(ProjectionStatus status) {
        return new ProjectionId(status.name(), status.projectionVersion());
    }

    private static String behind(Standing standing) {
        return standing.lagEvents() == 0
                ? ""
                : ", " + Shown.count(standing.lagEvents(), "event") + " and " + seconds(standing.lag()) + " s behind";
    }

    private static void failure(JsonGenerator json, ProjectionStatus.@Nullable Failure failure) {
        if (failure == null) {
            return;
        }
        json.writeObjectPropertyStart("failure");
        json.writeNumberProperty("position", failure.position());
        if (failure.eventId() != null) {
            json.writeStringProperty("eventId", failure.eventId().toString());
        }
        json.writeStringProperty("cause", failure.cause());
        json.writeEndObject();
    }

    private static ProjectionStatus absent(EventStore store, ProjectionId id) {
        Duration lag = new Backlog(store, Query.all()).age(0, InstantSource.system());
        return new ProjectionStatus(
                id.name(),
                id.projectionVersion(),
                0,
                ProjectionStatus.State.BUILDING,
                0,
                store.head(),
                lag,
                0,
                false,
                0,
                null);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
