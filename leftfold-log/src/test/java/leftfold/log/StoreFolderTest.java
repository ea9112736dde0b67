// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import leftfold.Leftfold;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Folders that are, or are not, a store that can be opened now. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class StoreFolderTest {
    private final Path folder = TestFolders.create();

    @AfterEach
    void delete_the_folder() {
        TestFolders.delete(folder);
    }

    @Test
    void a_location_that_is_a_path_opens_the_log_there() {
        Path nested = folder.resolve("a/b/store");
        try (EventStore store = Leftfold.open(nested.toString())) {
            store.append(StreamId.of("thing-1"), 0, List.of(Event.of("Happened", Data.json("{}"))));
        }
        assertThat(LogEventStore.exists(nested)).isTrue();
        assertThat(LogVerifier.verify(nested).events()).isEqualTo(1);
    }

    @Test
    void a_second_store_in_the_same_process_is_refused_with_the_process_id() {
        try (LogEventStore store = LogEventStore.open(folder)) {
            assertThat(store.head()).isZero();
            assertThatThrownBy(() -> LogEventStore.open(folder))
                    .isInstanceOf(StoreException.CannotOpen.class)
                    .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
        }
        LogEventStore.open(folder).close();
    }

    @Test
    void a_second_process_is_refused_with_the_id_of_the_first() throws IOException, InterruptedException {
        try (StoreHolder holder = StoreHolder.start(folder)) {
            assertThat(holder.answer()).isEqualTo("open");
            assertThatThrownBy(() -> LogEventStore.open(folder))
                    .isInstanceOf(StoreException.CannotOpen.class)
                    .hasMessageContaining("in use by process " + holder.pid());
        }
        LogEventStore.open(folder).close();
    }

    @Test
    void a_process_that_has_copied_its_own_folder_still_keeps_others_out() throws IOException, InterruptedException {
        try (LogEventStore store = LogEventStore.open(folder)) {
            Files.readAllBytes(folder.resolve(FolderLock.FILE)); // as a backup of the folder does
            assertThat(StoreHolder.answer(folder))
                    .contains("in use by process " + ProcessHandle.current().pid());
            assertThat(store.head()).isZero();
        }
        assertThat(StoreHolder.answer(folder)).isEqualTo("open");
    }

    @Test
    void a_lock_that_was_deleted_while_its_process_lives_keeps_others_out() throws IOException, InterruptedException {
        try (LogEventStore store = LogEventStore.open(folder)) {
            Files.delete(folder.resolve(FolderLock.FILE));
            assertThat(StoreHolder.answer(folder))
                    .contains("in use by process " + ProcessHandle.current().pid());
            assertThat(store.head()).isZero();
        }
    }

    @Test
    void a_lock_that_another_class_loader_of_this_process_holds_is_told_like_one_of_its_own() throws IOException {
        LogEventStore.open(folder).close();
        try (FileChannel held = FileChannel.open(folder.resolve(FolderLock.FILE), StandardOpenOption.WRITE)) {
            assertThat(held.lock().isValid()).isTrue();
            assertThatThrownBy(() -> LogEventStore.open(folder))
                    .isInstanceOf(StoreException.CannotOpen.class)
                    .hasMessageContaining("in use by this process");
        }
    }

    @Test
    void an_owner_that_lives_no_more_or_meant_another_folder_keeps_nobody_out() throws IOException {
        LogEventStore.open(folder).close();
        Path owner = folder.resolve(FolderLock.OWNER_FILE);
        ProcessHandle other = ProcessHandle.current().parent().orElseThrow();
        long start = other.info().startInstant().orElseThrow().toEpochMilli();
        Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();

        Files.writeString(owner, other.pid() + " " + start + " " + key + "\n");
        assertThatThrownBy(() -> LogEventStore.open(folder)).hasMessageContaining("in use by process " + other.pid());

        for (String text : List.of(
                other.pid() + " " + (start - 60_000) + " " + key, other.pid() + " " + start + " a-copy", "17 1", "")) {
            Files.writeString(owner, text);
            LogEventStore.open(folder).close();
        }
    }

    @Test
    void a_closed_store_says_so_in_the_same_words_whoever_had_it_open() throws IOException {
        LogEventStore.open(folder).close();
        Path owner = folder.resolve(FolderLock.OWNER_FILE);
        String closed = Files.readString(owner);
        assertThat(closed).isEqualTo("0\n");
        Files.writeString(owner, "1 2 a-copy\n"); // as after a crash
        assertThat(LogVerifier.verify(folder).clean()).isTrue();

        assertThat(Files.readString(owner)).isEqualTo(closed);
    }

    @Test
    void an_owner_file_of_any_bytes_keeps_nobody_out() throws IOException {
        LogEventStore.open(folder).close();
        Files.write(folder.resolve(FolderLock.OWNER_FILE), new byte[] {'7', (byte) 0xff, ' ', (byte) 0xc3});

        LogEventStore.open(folder).close();
        assertThat(LogVerifier.verify(folder).clean()).isTrue();
    }

    @Test
    void a_folder_with_other_files_is_refused_and_left_alone() throws IOException {
        Files.writeString(folder.resolve("letter.txt"), "dear");

        assertThatThrownBy(() -> LogEventStore.open(folder))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("letter.txt");
        assertThat(LogEventStore.exists(folder)).isFalse();
        assertThat(folder).isDirectoryNotContaining("glob:**/lock");
        assertThat(folder.resolve("letter.txt")).hasContent("dear");
    }

    @Test
    void a_file_is_no_folder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> LogEventStore.open(file))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("is not a folder");
    }

    @Test
    void an_interrupted_thread_is_told_why_it_cannot_open_a_store_and_does_no_harm() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> LogEventStore.open(folder))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        LogEventStore.open(folder).close();
    }

    @Test
    void a_store_of_a_newer_program_is_refused_by_its_format() throws IOException {
        LogEventStore.open(folder).close();
        Path file = folder.resolve("store");
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(8, 9).putInt(60, Checksum.of(header, 0, 60));
        Files.write(file, header.array());

        assertThatThrownBy(() -> LogEventStore.open(folder))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("format 9")
                .hasMessageContaining("upgrade");
    }

    @Test
    void a_store_that_a_crash_left_unfinished_is_made_anew() throws IOException {
        LogEventStore.open(folder).close();
        Files.delete(folder.resolve("store"));

        try (LogEventStore store = LogEventStore.open(folder)) {
            assertThat(store.head()).isZero();
        }
    }

    @Test
    void a_first_segment_with_events_is_not_taken_for_unused_though_its_first_bytes_are_gone() throws IOException {
        try (LogEventStore store = LogEventStore.open(folder)) {
            store.append(StreamId.of("thing-1"), 0, List.of(Event.of("Happened", Data.json("{}"))));
        }
        Files.delete(folder.resolve(StoreHeader.FILE));
        Path segment = folder.resolve(Segment.file(1));
        byte[] bytes = Files.readAllBytes(segment);
        Arrays.fill(bytes, SegmentHeader.BYTES, SegmentHeader.BYTES + Frame.HEADER_BYTES, (byte) 0);
        Files.write(segment, bytes);

        assertThatThrownBy(() -> LogEventStore.open(folder))
                .isInstanceOf(StoreException.CannotOpen.class)
                .hasMessageContaining("the file 'store' is missing");
        assertThat(segment).hasBinaryContent(bytes);
    }

    @Test
    void what_bears_a_segments_name_and_is_no_file_of_a_store_is_named() throws Exception {
        LogEventStore.open(folder).close();
        Path odd = folder.resolve(Segment.file(2));

        Files.createDirectory(odd);
        assertRefused(odd.toString(), "not a file");
        Files.delete(odd);
        Files.createSymbolicLink(odd, Path.of("nowhere"));
        assertRefused(odd + " is missing", "link");
        Files.delete(odd);
        assertThat(new ProcessBuilder("mkfifo", odd.toString()).start().waitFor())
                .isZero();
        assertRefused(odd.toString(), "not a file");
        Files.delete(odd);
        try (FileChannel file = FileChannel.open(odd, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            file.write(ByteBuffer.allocate(1), 1L << 31); // with a hole before it
        }
        assertRefused(odd.toString(), "longer than");
    }

    private void assertRefused(String file, String reason) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> LogEventStore.open(folder))
                        .isInstanceOf(StoreException.CannotOpen.class)
                        .hasMessageContaining(file.substring(file.lastIndexOf("target")))
                        .hasMessageContaining(reason));
    }
}
