// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/**
 * The seal that ends a segment is on the disk before files are derived from that segment: nobody reads a segment that
 * has them, so nobody would write its seal again, and to verify the log would call a mere power cut damage.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class SealTest {
    private static final int APPENDS = 20;
    private static final int CUTS = 16; // at each call
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);
    private static final Event EVENT = Event.of("Happened", Data.of(new byte[500], Data.BINARY));

    /** What a process does until it ends. */
    private interface Life {
        void live() throws IOException;
    }

    private SimDirectory disk = new SimDirectory();
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<String> violations = new ArrayList<>();

    @Test
    void wherever_the_power_is_cut_as_segments_are_sealed_the_log_goes_on_and_is_clean() throws IOException {
        disk.faults(this::cutPower);
        fill();
        assertThat(disk.list()).contains(Segment.file(3), Segment.offsetsFile(2));
        assertThat(violations).isEmpty();
    }

    @Test
    void a_seal_that_only_the_cache_has_is_on_the_disk_before_the_index_of_its_segment() throws IOException {
        killBeforeSyncBehind("sync of the folder", this::fill); // which makes the name of the next segment durable

        goOnWithPowerCuts();

        assertThat(disk.list()).contains(Segment.offsetsFile(1));
        assertThat(violations).isEmpty();
    }

    @Test
    void a_seal_that_only_the_cache_has_is_on_the_disk_before_the_offsets_of_its_segment() throws IOException {
        fill();
        disk.seal(Segment.file(1)).put(new byte[Frame.HEADER_BYTES]);
        disk.remove(Segment.offsetsFile(1)); // as whoever verifies the log is told to
        killBeforeSyncBehind("write to " + Segment.file(1), this::open); // which seals it anew

        goOnWithPowerCuts();

        assertThat(disk.list()).contains(Segment.offsetsFile(1));
        assertThat(violations).isEmpty();
    }

    /** Goes on as a process that was killed in {@code life}, before the next sync of a segment behind a call. */
    private void killBeforeSyncBehind(String call, Life life) throws IOException {
        SimDirectory[] killed = new SimDirectory[1];
        boolean[] called = new boolean[1];
        disk.faults((number, what) -> {
            called[0] |= what.equals(call) && disk.names().contains(Segment.file(2));
            if (called[0] && killed[0] == null && what.startsWith("sync of segment")) {
                killed[0] = disk.afterKill();
            }
        });
        life.live();
        disk = Objects.requireNonNull(killed[0]);
    }

    private void open() throws IOException {
        LogEventStore.open(disk, OPTIONS).close();
    }

    private void fill() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (int i = 0; i < APPENDS; i++) {
                store.append(StreamId.of("thing-1"), i, List.of(EVENT.withId(new UUID(1, i))));
            }
        }
    }

    private void goOnWithPowerCuts() throws IOException {
        disk.faults(this::cutPower);
        open();
    }

    /** Cuts the power in copies of the disk, and notes what is damaged once their logs have gone on. */
    private void cutPower(int call, String what) throws IOException {
        if (!SimulatedLives.changes(what)) {
            return;
        }
        for (int i = 0; i < CUTS; i++) {
            SimDirectory after = disk.afterPowerCut(Choice.random(random), SimFile.Loss.TORN);
            try (LogEventStore store = LogEventStore.open(after, OPTIONS)) {
                store.append(StreamId.of("other-1"), 0, List.of(EVENT)); // where no event follows, no seal is missed
            }
            LogVerifier.verify(after).damages().forEach(damage -> violations.add(what + ": " + damage));
        }
    }
}
