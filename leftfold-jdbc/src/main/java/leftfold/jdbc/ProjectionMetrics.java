// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import leftfold.jdbc.ProjectionStatus.State;
import leftfold.projection.ProjectionId;
import leftfold.store.EventStore;

/**
 * Where the projections of a read database stand, as gauges of Micrometer, whichever process runs them. Needs {@code
 * io.micrometer:micrometer-core} on the class path. Safe for use by many threads.
 *
 * <pre>{@code
 * new ProjectionMetrics(database.models(), store).bindTo(registry);
 * }</pre>
 *
 * <p>Each build that readers see, or that is being made, has these, with the tags {@code projection}, {@code version}
 * and {@code build}; one that readers have left has none:
 *
 * <ul>
 *   <li>{@code leftfold.projection.lag.events}: positions of the log that it has not finished;
 *   <li>{@code leftfold.projection.lag}: seconds that the oldest event has waited which it wants and has not finished;
 *   <li>{@code leftfold.projection.position}: the position up to which it has finished everything;
 *   <li>{@code leftfold.projection.rate}: positions a second that it finished lately; 0 without a runner;
 *   <li>{@code leftfold.projection.live}: 1 if readers see it, else 0;
 *   <li>{@code leftfold.projection.running}: 1 if a process fills it, else 0;
 *   <li>{@code leftfold.projection.failed}: 1 if it stopped at a failure, else 0;
 *   <li>{@code leftfold.projection.dead.letters}: events that it has put aside.
 * </ul>
 *
 * <p>{@code leftfold.projection.builds} says how many builds have them. Builds that come and go do so in the meters
 * when these are next read.
 *
 * <p>The first gauge that is asked reads the status of all builds, and the others take theirs from it for a second. So
 * the database, and the log, are asked once each time the meters are read. While the database is away gauges are NaN.
 */
public final class ProjectionMetrics implements MeterBinder {
    /** How long one reading of the status serves: longer than all meters take to be read, shorter than between two. */
    private static final Duration STATUS_AGE_MAX = Duration.ofSeconds(1);

    private static final String PREFIX = "leftfold.projection.";

    private static final List<Measure> MEASURES = List.of(
            new Measure(
                    "lag.events",
                    "events",
                    "How many positions of the log are not finished",
                    status -> status.lagEvents()),
            new Measure(
                    "lag",
                    "seconds",
                    "How long the oldest event has waited that is not finished",
                    status -> status.lag().toNanos() / 1e9),
            new Measure("position", "", "The position up to which everything is finished", ProjectionStatus::position),
            new Measure(
                    "rate", "", "Positions a second that were finished lately", status -> status.positionsPerSecond()),
            new Measure("live", "", "1 if readers see this build", status -> status.state() == State.LIVE ? 1 : 0),
            new Measure("running", "", "1 if a process fills this build", status -> status.running() ? 1 : 0),
            new Measure("failed", "", "1 if it stopped at a failure", status -> status.failure() == null ? 0 : 1),
            new Measure("dead.letters", "", "How many events were put aside", ProjectionStatus::deadLetters));

    private final ReadModels models;
    private final EventStore store;

    /** Something that a gauge says of a build. */
    private record Measure(String name, String unit, String description, ToDoubleFunction<ProjectionStatus> value) {
        MultiGauge gauge(MeterRegistry registry) {
            MultiGauge.Builder builder = MultiGauge.builder(PREFIX + name).description(description);
            return (unit.isEmpty() ? builder : builder.baseUnit(unit)).register(registry);
        }
    }

    /** Creates the meters of what is in {@code models} and made of {@code store}; both are the caller's to close. */
    public ProjectionMetrics(ReadModels models, EventStore store) {
        this.models = models;
        this.store = store;
    }

    /** Adds the meters to {@code registry}; if the database is away, those of its builds come when it is back. */
    @Override
    public void bindTo(MeterRegistry registry) {
        Bound bound = new Bound(registry);
        Gauge builds = Gauge.builder(PREFIX + "builds", bound, Bound::builds)
                .description("How many builds readers see or are being made")
                .strongReference(true)
                .register(registry);
        var unused = builds.value(); // so that the builds that there are have their meters from now on
    }

    /** The gauges of one registry, and the status that they tell. */
    private final class Bound {
        private final Clock clock;
        private final Map<Measure, MultiGauge> gauges;
        private final ReentrantLock lock = new ReentrantLock();
        private Map<Build, ProjectionStatus> statuses = Map.of();
        private boolean known;
        private boolean asked;
        private long askedNanos;

        Bound(MeterRegistry registry) {
            clock = registry.config().clock();
            gauges = MEASURES.stream().collect(Collectors.toMap(Function.identity(), one -> one.gauge(registry)));
        }

        double builds() {
            lock.lock();
            try {
                refresh();
                return known ? statuses.size() : Double.NaN;
            } finally {
                lock.unlock();
            }
        }

        private double value(Build build, Measure measure) {
            lock.lock();
            try {
                refresh();
                ProjectionStatus status = statuses.get(build);
                return status == null ? Double.NaN : measure.value().applyAsDouble(status);
            } finally {
                lock.unlock();
            }
        }

        private void refresh() {
            if (asked && clock.monotonicTime() - askedNanos < STATUS_AGE_MAX.toNanos()) {
                return;
            }
            known = false;
            statuses = Map.of();
            try {
                statuses = models.status(store).stream()
                        .filter(status -> status.state() != State.KEPT)
                        .collect(Collectors.toMap(ProjectionMetrics::build, Function.identity()));
                known = true;
            } finally {
                asked = true; // a database that is away is not asked by each gauge again; Micrometer logs the failure
                askedNanos = clock.monotonicTime();
            }
            gauges.forEach((measure, gauge) -> gauge.register(
                    statuses.keySet().stream().map(build -> row(build, measure)).toList()));
        }

        private MultiGauge.Row<Build> row(Build build, Measure measure) {
            Tags tags = Tags.of(
                    "projection",
                    build.id().name(),
                    "version",
                    String.valueOf(build.id().projectionVersion()),
                    "build",
                    String.valueOf(build.number()));
            return MultiGauge.Row.of(tags, build, one -> value(one, measure));
        }
    }

    private static Build build(ProjectionStatus status) {
        return new Build(new ProjectionId(status.name(), status.projectionVersion()), status.build());
    }
}
