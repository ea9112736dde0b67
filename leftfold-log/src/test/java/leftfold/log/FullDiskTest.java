// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A disk that is full, and then is not, a few times over: a file system of its own in memory where one can be mounted,
 * else a folder that counts what is written.
 */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FullDiskTest {
    private static final int CYCLES = 10;
    private static final int ROOM_BYTES = 256 << 10;
    private static final int APPENDS_MAX = 20_000;

    private final Path folder = TestFolders.create();
    private final SplittableRandom random = new SplittableRandom(1);
    private final GroupClock clock = new GroupClock();
    private final LogHistory history = new LogHistory(random, clock);
    private final LogOptions options = new LogOptions(64 << 10, 64 << 10, Frame.ALIGNMENT, clock, random.split());

    /** Makes room on a disk. */
    private interface MoreRoom {
        void make() throws IOException;
    }

    @AfterEach
    void delete_the_folder() {
        TestFolders.delete(folder);
    }

    @Test
    void appends_are_refused_while_the_disk_is_full_and_go_on_when_it_is_not() throws Exception {
        RunReport report = RunReport.of(Suite.FULL_DISK);
        QuietLog.on();
        int size = ROOM_BYTES * (CYCLES + 1);
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + size, "leftfold-test", folder.toString());
        try {
            if (mounted) {
                onOwnFileSystem();
            } else {
                onCountedFolder();
            }
        } finally {
            if (mounted) {
                run("umount", "-l", folder.toString()); // what is mapped keeps it busy until it is collected
            }
        }
        report.passed("%d times full, on %s".formatted(CYCLES, mounted ? "a tmpfs" : "a folder that counts bytes"));
    }

    private void onOwnFileSystem() throws IOException {
        for (int i = 0; i < CYCLES; i++) {
            Files.write(folder.resolve("ballast" + i), new byte[ROOM_BYTES]);
        }
        AtomicLong freed = new AtomicLong();
        Path store = Files.createDirectory(folder.resolve("store"));
        fill(StoreFolder.open(store), () -> Files.delete(folder.resolve("ballast" + freed.getAndIncrement())));
    }

    private void onCountedFolder() throws IOException {
        AtomicLong room = new AtomicLong(ROOM_BYTES);
        Directory disk = StoreFolder.open(folder);
        Directory counted = new WatchedDirectory(disk, (what, bytes) -> {
            if (what.equals("create") && room.addAndGet(-bytes) < 0) {
                room.addAndGet(bytes);
                throw new IOException("No space left on device");
            }
        });
        fill(counted, () -> room.addAndGet(ROOM_BYTES));
    }

    private void fill(Directory disk, MoreRoom more) throws IOException {
        LogEventStore store = LogEventStore.open(disk, options);
        for (int i = 0; i < CYCLES; i++) {
            int appends = 0;
            while (history.append(store)) {
                assertThat(++appends).as("the disk is never full").isLessThan(APPENDS_MAX);
            }
            assertThat(history.unknown()).as("a full disk is a refusal").isZero();
            history.check(store);
            if (i % 3 == 0) {
                store.close();
                store = LogEventStore.open(disk, options);
                history.check(store);
            }
            more.make();
            assertThat(history.append(store)).as("room has returned").isTrue();
        }
        history.judge(store);
        store.close();
        assertThat(LogVerifier.verify(disk).damages()).isEmpty();
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such command
        }
    }
}
