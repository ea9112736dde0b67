// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import leftfold.jdbc.Runner;
import leftfold.store.StoreException;

/**
 * Delivers an outbox's messages to a target: each at least once, those of one key in the order of their commits. Any
 * number of relays, in any number of processes, share the work: each has some of the shards that the keys are spread
 * over. When one dies or stands still, the others take its shards within ten seconds; when it wakes up late, it can
 * move nothing on, and sends at most what it had at hand. Safe for use by many threads.
 *
 * <p>A message that fails holds up its shard and no other, until it is delivered or parked. All relays of an outbox are
 * to have the same target.
 */
public final class OutboxRelay implements AutoCloseable {
    private static final Logger LOG = System.getLogger(OutboxRelay.class.getName());
    private static final long BEAT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();
    private static final Duration END = Duration.ofSeconds(10);

    private final String me = Runner.here().toString();
    private final OutboxTable table;
    private final RelaySettings settings;
    private final RelayCrew crew = new RelayCrew(me);
    private final OutboxShard.Work work;
    private final Map<Integer, OutboxShard> shards = new TreeMap<>(); // the relay's thread's own
    private final ExecutorService deliveries = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("leftfold-outbox-delivery-", 0).factory());
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long beatNanos = System.nanoTime() - RelayCrew.EXPIRY.toNanos();
    private volatile boolean closed;
    private long beats; // the relay's thread's own
    private boolean woken;

    private OutboxRelay(DataSource database, OutboxTarget target, RelaySettings settings) {
        new Schema(database, PostgresOptions.defaults().answerMillis()).upgrade();
        this.table = new OutboxTable(new Rows(database));
        this.settings = settings;
        this.work = new OutboxShard.Work(table, target, settings, this::isLeased);
        this.thread = Thread.ofPlatform().daemon().name("leftfold-outbox-relay").start(this::run);
    }

    /** Starts a relay as {@link #start(DataSource, OutboxTarget, RelaySettings)} does, with the standard settings. */
    public static OutboxRelay start(DataSource database, OutboxTarget target) {
        return start(database, target, RelaySettings.standard());
    }

    /**
     * Starts a relay of the outbox in the current schema of {@code database}, creating Leftfold's tables where there
     * are none. It takes a connection for each statement, so up to {@link Outbox#SHARDS} and one more at a time. A
     * database or a target that is away is waited for.
     *
     * @throws StoreException.CannotOpen if there is no usable outbox and none can be made; nothing was changed
     */
    public static OutboxRelay start(DataSource database, OutboxTarget target, RelaySettings settings) {
        return new OutboxRelay(database, target, settings);
    }

    /** Makes the relay look at once, after a transaction of this process has committed messages. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        boolean away = false;
        while (!closed) {
            try {
                if (System.nanoTime() - beatNanos >= BEAT_NANOS) {
                    beat();
                }
                deliver();
                away = false;
            } catch (RuntimeException e) {
                if (!away) {
                    LOG.log(
                            Level.WARNING,
                            "the outbox cannot be reached, and is waited for relay={0} error={1}",
                            me,
                            e.getMessage());
                }
                away = true;
            }
            await();
        }
    }

    /** Returns whether the others still take this relay for alive. */
    private boolean isLeased() {
        return !closed && System.nanoTime() - beatNanos < RelayCrew.EXPIRY.toNanos();
    }

    private void beat() {
        long now = System.nanoTime(); // before the beat: the others see it later, and wait longer
        // Counted here: a row that others took away and that comes back must not look as it did before.
        table.beat(me, ++beats);
        beatNanos = now;
        var found = table.shards();
        for (OutboxTable.Shard one : found) {
            OutboxShard mine = shards.get(one.number());
            if (mine != null && mine.epoch() != one.epoch()) {
                mine.leave(); // another relay has it
                shards.remove(one.number());
            }
        }
        // What is this relay's without its knowledge was taken by a statement whose answer was lost.
        found.stream()
                .filter(one -> me.equals(one.relay()) && !shards.containsKey(one.number()))
                .forEach(this::take);
        RelayCrew.Plan plan = crew.plan(table.beats(), found, System.nanoTime());
        plan.dead().forEach(table::forget);
        plan.take().forEach(this::take);
        giveBack(plan.surplus());
        table.clean(me, settings.keep());
    }

    private void take(OutboxTable.Shard found) {
        table.take(found, me).ifPresent(taken -> shards.put(taken.number(), new OutboxShard(work, taken)));
    }

    private void giveBack(int surplus) {
        shards.values().stream().limit(surplus).forEach(OutboxShard::leave);
        for (OutboxShard one : shards.values().toArray(OutboxShard[]::new)) {
            if (one.isLeaving() && !one.isBusy()) {
                table.release(one.number(), one.epoch());
                shards.remove(one.number());
            }
        }
    }

    private void deliver() {
        for (int number : table.waiting(me)) {
            OutboxShard shard = shards.get(number);
            if (shard != null && shard.start()) {
                deliveries.execute(shard::run);
            }
        }
    }

    private void await() {
        lock.lock();
        try {
            long left = POLL_NANOS;
            while (left > 0 && !woken && !closed) {
                left = changed.awaitNanos(left);
            }
            woken = false;
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the deliveries under way and gives the shards to the other relays. A target that does not end when it is
     * interrupted is waited for ten seconds; its shard goes to another relay some seconds later.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = end();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean end() {
        try {
            thread.join(END);
            deliveries.shutdownNow();
            if (deliveries.awaitTermination(END.toSeconds(), TimeUnit.SECONDS) && !thread.isAlive()) {
                shards.values().forEach(one -> table.release(one.number(), one.epoch()));
                table.leave(me);
            }
            return false;
        } catch (StoreException e) {
            return false; // the others find out by the beat
        } catch (InterruptedException e) {
            return true;
        }
    }
}
