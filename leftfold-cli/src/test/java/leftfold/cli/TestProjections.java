// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import leftfold.jackson.JsonCodec;
import leftfold.jdbc.DocumentCodec;
import leftfold.jdbc.DocumentProjection;
import leftfold.jdbc.JdbcProjection;
import leftfold.jdbc.SqlProjection;
import leftfold.jdbc.Sqlite;
import leftfold.projection.FailurePolicy;
import leftfold.projection.Projection;
import leftfold.schema.EventCodec;
import leftfold.schema.EventType;

/** The projections of the tests' application: {@code totals} puts aside what it fails at, {@code ledger} stops. */
final class TestProjections {
    /** Whether handlers take thirteen. */
    static final AtomicBoolean LUCKY = new AtomicBoolean();

    /** Set for a process whose handlers are to take so long that it can be interrupted on the way. */
    static final String SLOW = "leftfold.test.slow";

    private static final long SLOW_NANOS = 1_000_000;
    private static final EventCodec<Money> CODEC = JsonCodec.of(Money.class);

    /** What happens. */
    sealed interface Money {
        /** Somebody got something. */
        @EventType("Deposited")
        record Deposited(String to, long amount) implements Money {}
    }

    private TestProjections() {}

    static DataSource database(String location) {
        return Sqlite.open(Path.of(location, "read-models.db"));
    }

    static List<JdbcProjection> all() {
        return List.of(ledger(), totals());
    }

    private static JdbcProjection totals() {
        return new DocumentProjection<>(
                Projection.<Money, Long>documents("totals", 1, CODEC)
                        .on(
                                Money.Deposited.class,
                                e -> e.event().to(),
                                (sum, e) -> (sum == null ? 0 : sum)
                                        + checked(e.event().amount()))
                        .onFailure(FailurePolicy.PARK)
                        .build(),
                DocumentCodec.of(String::valueOf, Long::valueOf));
    }

    private static JdbcProjection ledger() {
        return SqlProjection.declare("ledger", 1, CODEC)
                .table("entry", "position INTEGER PRIMARY KEY, amount INTEGER")
                .on(
                        Money.Deposited.class,
                        (sql, e) -> sql.update(
                                "INSERT INTO " + sql.table("entry") + " VALUES (?, ?)",
                                e.position(),
                                checked(e.event().amount())))
                .build();
    }

    private static long checked(long amount) {
        if (Boolean.getBoolean(SLOW)) {
            LockSupport.parkNanos(SLOW_NANOS);
        }
        if (amount == 13 && !LUCKY.get()) {
            throw new IllegalArgumentException("thirteen is too much");
        }
        return amount;
    }
}
