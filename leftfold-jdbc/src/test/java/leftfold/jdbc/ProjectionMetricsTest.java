// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import leftfold.projection.FailurePolicy;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.Test;

/** What monitoring sees of projections. */
class ProjectionMetricsTest extends AtWorkplace {
    private final MockClock clock = new MockClock();
    private final MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

    @Test
    void gauges_say_how_far_behind_each_build_is() throws Exception {
        long last = here.deposit("ann", 5);
        try (Follower follower = here.door().run(here.store, Workplace.balances(1))) {
            assertThat(follower.await(last, LONG)).isTrue();
            bind(here.models());
            assertThat(value("running", "1")).isOne();
            assertThat(value("lag.events", "1")).isZero();
            assertThat(value("lag", "1")).isZero();
        }
        here.deposit("ann", 7);
        here.deposit("ann", 8);
        clock.addSeconds(1);
        ProjectionStatus status = here.models().status(here.store).getFirst();
        assertThat(value("lag.events", "1"))
                .isEqualTo((double) status.lagEvents())
                .isEqualTo(2);
        assertThat(value("lag", "1")).isPositive().isLessThanOrEqualTo(seconds());
        assertThat(value("position", "1")).isEqualTo((double) last);
        assertThat(value("running", "1")).isZero();
        assertThat(value("live", "1")).isOne();
        assertThat(value("rate", "1")).isZero();
        assertThat(value("failed", "1")).isZero();
        assertThat(value("dead.letters", "1")).isZero();
    }

    @Test
    void failures_and_dead_letters_are_told() throws Exception {
        here.deposit("ann", 13);
        Follower follower = here.run(Workplace.superstitious(FailurePolicy.STOP, () -> false));
        assertThat(follower.await(1, LONG)).isFalse();
        Workplace.until(() -> here.models().status(here.store).getFirst().failure() != null);
        bind(here.models());
        assertThat(gauge("counted", "failed", "1").value()).isOne();
        follower.close();
        assertThat(here.run(Workplace.superstitious(FailurePolicy.PARK, () -> false))
                        .await(1, LONG))
                .isTrue();
        clock.addSeconds(1);
        assertThat(gauge("counted", "failed", "1").value()).isZero();
        assertThat(gauge("counted", "dead.letters", "1").value()).isOne();
    }

    @Test
    void builds_come_and_go_while_the_meters_are_read() throws Exception {
        bind(here.models());
        assertThat(builds()).isZero();
        long last = here.deposit("ann", 5);
        try (Follower follower = here.door().run(here.store, Workplace.balances(1))) {
            assertThat(follower.await(last, LONG)).isTrue();
        }
        assertThat(builds()).isZero(); // still the reading of a moment ago
        clock.addSeconds(1);
        assertThat(builds()).isOne();
        assertThat(value("live", "1")).isOne();
        try (Rebuild rebuild = here.door().rebuild(here.store, List.of(Workplace.balances(1)))) {
            assertThat(rebuild.await(LONG)).isTrue();
        }
        clock.addSeconds(1);
        assertThat(builds()).isOne();
        assertThat(value("live", "2")).isOne();
        assertThat(gauges("live")).hasSize(1);
    }

    @Test
    void however_many_gauges_are_read_the_database_is_asked_once() throws Exception {
        long last = here.deposit("ann", 5);
        assertThat(here.run(Workplace.balances(1)).await(last, LONG)).isTrue();
        assertThat(here.run(Models.totals(1)).await(last, LONG)).isTrue();
        AtomicInteger calls = new AtomicInteger();
        ReadModels counted = here.door(Faults.before(here.database, call -> calls.incrementAndGet()))
                .models();
        assertThat(counted.status(here.store)).hasSize(2); // and from now on it knows that its tables are there
        calls.set(0);
        var unused = counted.status(here.store);
        int once = calls.get();
        bind(counted);
        clock.addSeconds(1);
        calls.set(0);
        assertThat(readAll()).isEqualTo(1 + 2 * 8);
        assertThat(readAll()).isEqualTo(1 + 2 * 8);
        assertThat(calls).hasValue(once);
        clock.addSeconds(1);
        assertThat(readAll()).isEqualTo(1 + 2 * 8);
        assertThat(calls).hasValue(2 * once);
    }

    @Test
    void while_the_database_is_away_gauges_are_nan_and_it_is_asked_once_each_time() throws Exception {
        long last = here.deposit("ann", 5);
        assertThat(here.run(Workplace.balances(1)).await(last, LONG)).isTrue();
        AtomicBoolean away = new AtomicBoolean(true);
        AtomicInteger refused = new AtomicInteger();
        bind(here.door(Faults.before(here.database, call -> {
                    if (away.get()) {
                        refused.incrementAndGet();
                        throw new SQLException("away");
                    }
                }))
                .models());
        away.set(false);
        clock.addSeconds(1);
        assertThat(builds()).isOne();
        away.set(true);
        clock.addSeconds(1);
        refused.set(0);
        assertThat(builds()).isNaN();
        int asked = refused.get();
        assertThat(value("lag.events", "1")).isNaN();
        assertThat(value("running", "1")).isNaN();
        assertThat(refused).hasValue(asked).hasPositiveValue();
        away.set(false);
        clock.addSeconds(1);
        assertThat(value("lag.events", "1")).isZero();
    }

    @Test
    void prometheus_gets_names_and_units_as_it_likes_them() throws Exception {
        long last = here.deposit("ann", 5);
        assertThat(here.run(Workplace.balances(1)).await(last, LONG)).isTrue();
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new ProjectionMetrics(here.models(), here.store).bindTo(prometheus);
        String tags = "{build=\"1\",projection=\"open-balances\",version=\"1\"} ";
        assertThat(prometheus.scrape())
                .contains(
                        "leftfold_projection_lag_events" + tags + "0.0",
                        "leftfold_projection_lag_seconds" + tags + "0.0",
                        "leftfold_projection_position" + tags + "1.0",
                        "leftfold_projection_live" + tags + "1.0",
                        "leftfold_projection_dead_letters" + tags + "0.0",
                        "leftfold_projection_builds 1.0");
    }

    private void bind(ReadModels models) {
        new ProjectionMetrics(models, here.store).bindTo(registry);
    }

    private double builds() {
        return registry.get("leftfold.projection.builds").gauge().value();
    }

    private double value(String measure, String build) {
        return gauge("open-balances", measure, build).value();
    }

    private Gauge gauge(String projection, String measure, String build) {
        return registry.get("leftfold.projection." + measure)
                .tags("projection", projection, "version", "1", "build", build)
                .gauge();
    }

    private Collection<Gauge> gauges(String measure) {
        return registry.get("leftfold.projection." + measure).gauges();
    }

    /** Reads all gauges and returns how many have a value. */
    private int readAll() {
        return (int) registry.getMeters().stream()
                .filter(meter -> meter instanceof Gauge gauge && !Double.isNaN(gauge.value()))
                .count();
    }

    /** Returns how long the oldest event has waited by now. */
    private double seconds() {
        return here.models().lag(here.store, "open-balances").toNanos() / 1e9;
    }
}
