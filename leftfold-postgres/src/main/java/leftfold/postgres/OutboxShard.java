// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import leftfold.store.StoreException;

/**
 * A shard that a relay has, and its delivery. One thread at a time delivers: who set {@link #start}. The relay's thread
 * looks at what is volatile.
 */
final class OutboxShard {
    private static final Logger LOG = System.getLogger(OutboxShard.class.getName());
    private static final int PAGE_MESSAGES = 100;
    private static final int REASON_CHARS_MAX = 500;
    private static final long SAVE_NANOS = Duration.ofSeconds(1).toNanos();

    private final OutboxTable table;
    private final OutboxTarget target;
    private final RelaySettings settings;
    private final OutboxTable.Shard row;
    private final BooleanSupplier leased;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile long pausedUntilNanos = System.nanoTime();
    private boolean lost;
    private volatile boolean leaving;
    private long delivered;
    private long saved;
    private long savedNanos;
    private int attempts;
    private int failures;
    private long singlyUntil;

    /** What the shards of a relay have in common. */
    record Work(OutboxTable table, OutboxTarget target, RelaySettings settings, BooleanSupplier leased) {}

    /** Creates the delivery of a shard that was just taken; {@code row} has the epoch of that. */
    OutboxShard(Work work, OutboxTable.Shard row) {
        this.table = work.table();
        this.target = work.target();
        this.settings = work.settings();
        this.leased = work.leased();
        this.row = row;
        this.delivered = row.position();
        this.saved = row.position();
        this.attempts = row.attempts();
        this.failures = row.attempts();
    }

    int number() {
        return row.number();
    }

    long epoch() {
        return row.epoch();
    }

    /** Returns whether it is being delivered. */
    boolean isBusy() {
        return busy.get();
    }

    /** Lets the delivery end after the message at hand. */
    void leave() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Returns true if {@link #run} is to be called, by whoever is told so. */
    boolean start() {
        return !leaving && System.nanoTime() - pausedUntilNanos >= 0 && busy.compareAndSet(false, true);
    }

    /** Delivers until nothing waits, something fails, or the shard is no longer this relay's. */
    void run() {
        try {
            save();
            boolean more = true;
            while (more && mayDeliver()) {
                List<PublishedMessage> page = table.page(number(), delivered, PAGE_MESSAGES);
                more = !page.isEmpty() && deliver(page);
                save();
            }
        } catch (InterruptedException e) {
            saveQuietly(); // the relay is being closed, and waits for this thread
        } catch (StoreException e) {
            pause(settings.retryFirst()); // the database is away; what was delivered is saved with the next run
        } finally {
            busy.set(false);
        }
    }

    private boolean mayDeliver() {
        return !lost && !leaving && leased.getAsBoolean();
    }

    /** Returns whether all of the page is done. */
    private boolean deliver(List<PublishedMessage> page) throws InterruptedException {
        int next = 0;
        while (next < page.size()) {
            if (!mayDeliver()) {
                return false;
            }
            boolean singly = page.get(next).position() <= singlyUntil;
            int count = singly ? 1 : Math.min(target.batchMessagesMax(), page.size() - next);
            List<PublishedMessage> batch = page.subList(next, next + count);
            try {
                target.deliver(batch);
                delivered = batch.getLast().position();
                attempts = 0;
                failures = 0;
            } catch (InterruptedException e) {
                throw e;
            } catch (DeliveryException.Unavailable e) {
                unavailable(e);
                return false;
            } catch (Throwable e) { // an Error too: the shard would stand still without a word
                if (count > 1) {
                    singlyUntil = batch.getLast().position(); // one of them is to blame
                    continue;
                }
                if (!failed(batch.getFirst(), e)) {
                    return false;
                }
            }
            next += count;
            if (System.nanoTime() - savedNanos >= SAVE_NANOS) {
                save();
            }
        }
        return true;
    }

    private void unavailable(DeliveryException.Unavailable e) {
        save();
        failures++;
        lost |= !table.failed(number(), epoch(), attempts, shown(e));
        Duration pause = settings.pause(failures);
        pause(e.retryAfter().compareTo(pause) > 0 ? e.retryAfter() : pause);
    }

    /** Returns whether the message was parked, so that the next one may go. */
    private boolean failed(PublishedMessage message, Throwable e) {
        save();
        attempts++;
        failures++;
        String reason = shown(e);
        if (attempts < settings.attemptsMax() && !(e instanceof DeliveryException.Rejected)) {
            lost |= !table.failed(number(), epoch(), attempts, reason);
            pause(settings.pause(failures));
            return false;
        }
        lost |= !table.park(row, message.position(), attempts, reason);
        if (lost) {
            return false;
        }
        LOG.log(
                Level.WARNING,
                "a message was parked id={0} shard={1} attempts={2}",
                message.message().id(),
                number(),
                attempts);
        delivered = message.position();
        saved = delivered;
        attempts = 0;
        failures = 0;
        return true;
    }

    private void save() {
        savedNanos = System.nanoTime();
        if (delivered == saved || lost) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // a pool gives an interrupted thread no connection
        try {
            lost = !table.moveTo(number(), epoch(), delivered);
            saved = delivered;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void saveQuietly() {
        try {
            save();
        } catch (StoreException e) {
            return; // what was delivered since will be delivered once more
        }
    }

    private void pause(Duration pause) {
        pausedUntilNanos = System.nanoTime() + TimeUnit.NANOSECONDS.convert(pause); // the most if it is longer
    }

    private static String shown(Throwable e) {
        String text = e instanceof DeliveryException && e.getMessage() != null ? e.getMessage() : e.toString();
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String line = wellFormed.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= REASON_CHARS_MAX ? line : line.substring(0, REASON_CHARS_MAX - 1) + "…";
    }
}
