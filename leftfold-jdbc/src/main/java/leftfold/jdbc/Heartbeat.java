// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** Keeps leases alive, all of a process's in one transaction, on a thread that lives while there are any. */
final class Heartbeat {
    private final DataSource database;
    private final Duration beat;
    private final Map<Lease, Build> leases = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread;

    Heartbeat(DataSource database, Duration beat) {
        this.database = database;
        this.beat = beat;
        this.thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("leftfold-lease-", 0).factory());
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Keeps {@code lease} alive from now on. */
    void add(Lease lease, Build build) {
        leases.put(lease, build);
        if (scheduled.compareAndSet(false, true)) {
            schedule();
        }
    }

    /** Lets {@code lease} be. */
    void remove(Lease lease) {
        leases.remove(lease);
    }

    private void schedule() {
        var unused = thread.schedule(this::beat, beat.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        List<Lease> now = leases.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().key()))
                .map(Map.Entry::getKey)
                .toList();
        if (now.isEmpty()) {
            scheduled.set(false);
            if (!leases.isEmpty() && scheduled.compareAndSet(false, true)) {
                schedule(); // one was added since we looked
            }
            return;
        }
        try (Connection connection = database.getConnection()) {
            Sql.inTransaction(connection, () -> {
                for (Lease lease : now) {
                    lease.beat(connection);
                }
            });
        } catch (Exception e) {
            // A beat that is missed costs nothing but, in the end, the lease, and its holder then finds that out.
            schedule();
            return;
        }
        schedule();
    }
}
