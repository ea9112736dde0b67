// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import leftfold.store.Append;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamWrite;
import org.jspecify.annotations.Nullable;

/**
 * A store that lives a few times on a simulated disk: opened, appended to, and ended by a power cut, a kill or a
 * failing disk. At every call to the disk the power is cut as well, in copies of the disk, and each copy is judged.
 */
final class SimulatedLives {
    private static final int LIVES = 3;
    private static final int APPENDS = 8;
    private static final int SECOND_LIVES = 16; // one of so many copies is written to as well

    private final SplittableRandom random;
    private final SplittableRandom chance; // of copies: the thread that writes draws while the client's does, too
    private final GroupClock clock = new GroupClock();
    private final LogHistory history;
    private final LogOptions options;
    private final LogOptions copyOptions;
    private final boolean powerSafe;
    private SimDirectory disk;
    private long cuts;
    private @Nullable Throwable violation;

    private SimulatedLives(int seed) {
        random = new SplittableRandom(seed);
        chance = random.split();
        history = new LogHistory(random, clock);
        powerSafe = random.nextInt(4) > 0;
        int alignment = powerSafe ? random.nextInt(3) == 0 ? 8 << random.nextInt(10) : 8 : SimFile.SECTOR_BYTES;
        options = new LogOptions(8 << 10, 16 << 10, alignment, clock, random.split());
        copyOptions = new LogOptions(8 << 10, 16 << 10, alignment, InstantSource.fixed(Instant.EPOCH), chance);
        disk = new SimDirectory(random.split());
    }

    /** Runs the lives of one seed; returns the number of power cuts. */
    static long run(int seed) {
        SimulatedLives lives = new SimulatedLives(seed);
        try {
            QuietLog.on();
            lives.run();
            return lives.cuts;
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void run() throws IOException {
        for (int life = 0; life < LIVES; life++) {
            boolean once = random.nextBoolean();
            live(random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(1, 80), once);
            checkCopies();
            assertThat(disk.openFiles()).as("files left open").isZero();
            disk = random.nextBoolean() ? cut(disk) : disk.afterKill();
        }
        disk.faults(this::cutPower);
        try (LogEventStore store = open()) {
            history.check(store);
            assertThat(history.append(store)).isTrue();
            history.check(store);
            history.judge(store);
        }
        checkCopies();
        VerifyReport report = LogVerifier.verify(disk);
        assertThat(report.damages()).isEmpty();
        assertThat(report.tornBytes()).isZero();
    }

    /** Opens the store and appends until a call fails, which may be while opening, or never. */
    private void live(int calls, boolean once) throws IOException {
        int failing = calls == Integer.MAX_VALUE ? calls : disk.calls() + calls;
        disk.faults((call, what) -> {
            cutPower(call, what);
            if (call == failing || (call > failing && !once)) {
                throw new IOException("the disk failed at call " + call + ", " + what);
            }
        });
        LogEventStore store;
        try {
            store = open();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("the disk failed");
            return;
        }
        history.check(store);
        for (int i = 0; i < APPENDS; i++) {
            history.append(store); // goes on after a refusal: nothing may be accepted that is then lost
            if (random.nextInt(2 * APPENDS) == 0) {
                compact(store);
            }
        }
        history.read(store);
        store.close();
    }

    private LogEventStore open() throws IOException {
        return LogEventStore.open(disk, options);
    }

    private static void compact(LogEventStore store) {
        try {
            store.compact();
        } catch (StoreException.Unavailable e) {
            assertThat(e).hasMessageContaining("fail");
        }
    }

    private void checkCopies() {
        if (violation != null) {
            throw new AssertionError(violation.getMessage(), violation);
        }
    }

    /** Cuts the power in copies of the disk before a call that changes it. */
    private void cutPower(int call, String what) {
        for (int i = changes(what) ? chance.nextInt(5) : 0; i > 0 && violation == null; i--) {
            try {
                cuts++;
                judge(cut(disk));
            } catch (IOException | RuntimeException | AssertionError e) {
                violation = new AssertionError("power cut before call " + call + ", " + what + ": " + e, e);
            }
        }
    }

    /** Returns whether a call changes the disk. */
    static boolean changes(String call) {
        return !call.startsWith("view") && !call.startsWith("list") && !call.startsWith("open");
    }

    private SimDirectory cut(SimDirectory from) {
        SimFile.Loss loss = switch (chance.nextInt(8)) {
            case 0 -> SimFile.Loss.ALL;
            case 1 -> SimFile.Loss.NONE;
            case 2, 3 -> powerSafe ? SimFile.Loss.TORN : SimFile.Loss.DESTROYED;
            case 4 -> SimFile.Loss.TORN;
            default -> SimFile.Loss.ANY;
        };
        return from.afterPowerCut(Choice.random(chance), loss);
    }

    private void judge(SimDirectory copy) throws IOException {
        try (LogEventStore store = LogEventStore.open(copy, copyOptions)) {
            List<RecordedEvent> log = LogHistory.events(store);
            history.checkImage(log);
            if (chance.nextInt(SECOND_LIVES) == 0) {
                history.judge(log);
                Event event = Event.of("Added", Data.json("{}")).withId(new UUID(chance.nextLong(), chance.nextLong()));
                store.append(new Append(List.of(new StreamWrite(LogHistory.stream(0), List.of(event))), List.of()));
            }
        }
    }
}
