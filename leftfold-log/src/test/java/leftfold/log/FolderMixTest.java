// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that hold what one store never wrote: recognised, named, and left as they are. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FolderMixTest {
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);

    private final SimDirectory disk = new SimDirectory();
    private final List<Path> folders = new ArrayList<>();

    @AfterEach
    void delete_the_folders() {
        folders.forEach(TestFolders::delete);
    }

    @Test
    void a_segment_of_a_newer_format_is_named() throws IOException {
        append(disk, 0, 60);
        ByteBuffer header = ByteBuffer.wrap(disk.bytes(Segment.file(2))).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(8, 7).putInt(88, Checksum.of(header, 0, 88));

        assertRefused(disk, "segment-000002.log has format 7, newer than this program's 1; upgrade Leftfold");
    }

    @Test
    void segments_of_two_copies_of_one_log_are_told_apart() throws IOException {
        String last = mixedAfter(30);

        assertRefused(disk, last + " does not follow ");
    }

    @Test
    void a_compacted_segment_of_another_copy_takes_the_place_of_none_that_it_was_not_made_from() throws IOException {
        append(disk, 0, 50);
        SimDirectory backup = disk.afterKill();
        append(disk, 50, 70); // acknowledged, and in no other copy
        append(backup, 50, 150);
        try (LogEventStore store = LogEventStore.open(backup, OPTIONS)) {
            store.compact();
        }
        assertThat(disk.list()).contains(Segment.file(3));
        assertThat(backup.list()).contains(Segment.file(5)).doesNotContain(Segment.file(3));
        copy(backup.list(), backup, disk);

        assertRefused(disk, "segment-000003.log");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 61, 75, 90})
    void copies_that_parted_in_the_middle_of_a_segment_are_told_apart(int theirs) throws IOException {
        SimDirectory backup = partedAfter(30, theirs);
        assertThat(disk.list()).contains(Segment.file(2), Segment.file(3));
        copy(List.of(Segment.file(2)), backup, disk);

        assertTwoCopies("segment-000003.log does not follow segment-000002.log");
    }

    @Test
    void a_copy_without_a_seal_does_not_take_the_place_of_one_that_others_follow() throws IOException {
        checkUnsealedCopy(22); // up to where our third segment begins
    }

    @Test
    void a_copy_without_a_seal_that_has_events_of_the_next_segment_is_told_apart_too() throws IOException {
        checkUnsealedCopy(23);
    }

    private void checkUnsealedCopy(int theirs) throws IOException {
        append(disk, 0, 30);
        SimDirectory backup = disk.afterKill();
        append(disk, "ours-1", 0, 60);
        append(backup, "t", 0, theirs);
        assertThat(backup.list()).contains(Segment.file(2)).doesNotContain(Segment.file(3));
        copy(List.of(Segment.file(2)), backup, disk);

        assertTwoCopies("segment-000003.log does not follow segment-000002.log");
    }

    @Test
    void compacted_copies_that_parted_in_the_middle_of_a_segment_are_told_apart() throws IOException {
        SimDirectory backup = partedAfter(30, 60);
        for (SimDirectory folder : List.of(disk, backup)) {
            try (LogEventStore store = LogEventStore.open(folder, OPTIONS)) {
                store.compact();
            }
        }
        copy(List.of(Segment.file(2)), backup, disk);

        assertTwoCopies("segment-000003.log does not follow segment-000002.log");
    }

    private void assertTwoCopies(String message) throws IOException {
        assertRefused(disk, message);
        for (String name : indexFiles(disk)) {
            disk.remove(name);
        }
        assertRefused(disk, message);
        assertThatThrownBy(() -> LogVerifier.verify(disk)).hasMessageContaining(message);
    }

    @Test
    void an_index_of_another_store_is_neither_used_nor_deleted() throws IOException {
        append(disk, 0, 60);
        SimDirectory other = new SimDirectory();
        append(other, 0, 60);
        String index = disk.list().stream().filter(KeyTable::isName).findFirst().orElseThrow();
        String foreign = KeyTable.file(1, 999);
        try (Directory.OpenFile file = disk.create(foreign, 0)) {
            file.write(ByteBuffer.wrap(other.bytes(index)), 0);
        }
        System.arraycopy(other.bytes(index), 0, disk.bytes(index), 0, 4_096);

        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(all(store)).hasSize(60);
            assertThat(store.streamVersion(StreamId.of("thing-1"))).isEqualTo(60);
        }
        assertThat(disk.list()).contains(foreign);
    }

    @Test
    void an_index_of_another_life_of_the_log_is_not_trusted() throws IOException {
        append(disk, 0, 30);
        SimDirectory backup = disk.afterKill();
        append(disk, 30, 90);
        append(backup, 30, 80);
        copy(indexFiles(disk), disk, backup);

        try (LogEventStore store = LogEventStore.open(backup, OPTIONS)) {
            assertThat(all(store)).hasSize(80);
            assertThat(store.streamVersion(StreamId.of("thing-1"))).isEqualTo(80);
        }
    }

    @Test
    void an_index_of_a_copy_that_parted_in_the_middle_of_the_segment_is_not_trusted() throws IOException {
        SimDirectory backup = partedAfter(10, 60);
        assertThat(indexFiles(backup)).isEqualTo(indexFiles(disk));
        copy(indexFiles(disk), disk, backup);

        try (LogEventStore store = LogEventStore.open(backup, OPTIONS)) {
            assertThat(store.readStream(StreamId.of("them-1"))).hasSize(60);
            assertThat(store.streamVersion(StreamId.of("ours-1"))).isZero();
        }
    }

    @Test
    void a_store_copied_while_it_is_written_to_opens_as_it_was_or_says_what_is_missing() throws Exception {
        Path original = folder();
        AtomicBoolean done = new AtomicBoolean();
        try (LogEventStore store = LogEventStore.open(original, OPTIONS.withSegmentBytes(32 << 10, 32 << 10))) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (int i = 0; !done.get(); i++) {
                    store.append(StreamId.of("thing-1"), i, List.of(event(i)));
                }
            });
            List<List<RecordedEvent>> copies = new ArrayList<>();
            for (int round = 0; round < 20; round++) {
                Path copy = folder();
                copy(original, copy);
                try (LogEventStore copied = LogEventStore.open(copy, OPTIONS)) {
                    copies.add(all(copied));
                } catch (StoreException.Corrupt | StoreException.CannotOpen e) {
                    assertThat(e).hasMessageContaining(copy.getFileName().toString());
                }
            }
            done.set(true);
            writer.join();
            List<RecordedEvent> log = all(store);
            assertThat(copies).isNotEmpty().allMatch(found -> found.equals(log.subList(0, found.size())));
        }
    }

    @Test
    void a_folder_that_is_refused_is_left_as_it_is_though_it_has_no_index() throws IOException {
        String last = mixedAfter(90);
        for (String name : indexFiles(disk)) {
            disk.remove(name);
        }

        assertRefused(disk, last + " does not follow ");
    }

    @Test
    void a_folder_that_is_refused_is_left_as_it_is_though_the_stores_header_is_damaged() throws IOException {
        String last = mixedAfter(90);
        disk.bytes(StoreHeader.FILE)[20] ^= 1;

        assertRefused(disk, last + " does not follow ");
    }

    @Test
    void network_file_systems_are_known_by_name() {
        assertThat(List.of("nfs4", "cifs", "smb3", "NFS", "fuse.sshfs")).allMatch(StoreFolder::isNetwork);
        assertThat(List.of("ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "NTFS"))
                .noneMatch(StoreFolder::isNetwork);
    }

    private static void assertRefused(SimDirectory folder, String message) throws IOException {
        List<String> before = folder.list();
        List<byte[]> bytes = new ArrayList<>();
        for (String name : before) {
            bytes.add(folder.bytes(name).clone());
        }

        assertThatThrownBy(() -> LogEventStore.open(folder, OPTIONS))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining(message);

        assertThat(folder.list()).isEqualTo(before);
        for (int i = 0; i < before.size(); i++) {
            assertThat(folder.bytes(before.get(i))).isEqualTo(bytes.get(i));
        }
    }

    /** Puts the header of a copy's last segment on ours, which went on differently; returns that segment's name. */
    private String mixedAfter(int events) throws IOException {
        append(disk, 0, events);
        SimDirectory backup = disk.afterKill();
        append(disk, events, events + 60);
        append(backup, events, events + 60);
        String last = disk.lastSegment();
        System.arraycopy(backup.bytes(last), 0, disk.bytes(last), 0, SegmentHeader.BYTES);
        return last;
    }

    /** Returns a copy that went on differently with as many events as {@code theirs} says, and the disk with 60. */
    private SimDirectory partedAfter(int events, int theirs) throws IOException {
        append(disk, 0, events);
        SimDirectory copy = disk.afterKill();
        append(disk, "ours-1", 0, 60);
        append(copy, "them-1", 0, theirs);
        return copy;
    }

    private static List<String> indexFiles(SimDirectory folder) throws IOException {
        return folder.list().stream()
                .filter(name -> KeyTable.isName(name) || Segment.isOffsetsFile(name))
                .toList();
    }

    private static void copy(List<String> files, SimDirectory from, SimDirectory to) throws IOException {
        for (String name : files) {
            try (Directory.OpenFile file = to.create(name, 0)) {
                file.write(ByteBuffer.wrap(from.bytes(name)), 0);
            }
        }
    }

    private static void append(SimDirectory folder, int from, int to) throws IOException {
        append(folder, "thing-1", from, to);
    }

    private static void append(SimDirectory folder, String stream, int from, int to) throws IOException {
        try (LogEventStore store = LogEventStore.open(folder, OPTIONS)) {
            for (int i = from; i < to; i++) {
                store.append(StreamId.of(stream), i, List.of(event(i)));
            }
        }
    }

    private Path folder() {
        Path folder = TestFolders.create();
        folders.add(folder);
        return folder;
    }

    /** Copies what is there, file by file, as a careless backup does. */
    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(from)) {
            files = listed.sorted().toList();
        }
        for (Path file : files) {
            try {
                Files.copy(file, to.resolve(file.getFileName()));
            } catch (NoSuchFileException e) {
                assertThat(file.getFileName().toString())
                        .as("a file that comes and goes")
                        .matches(".*(new|keys)");
            }
        }
    }

    private static Event event(int number) {
        return Event.of("Counted", Data.json("{\"n\":%d}".formatted(number)));
    }

    private static List<RecordedEvent> all(LogEventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }
}
