// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreHolder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = child.inputReader()) {
            assertThat(output.readLine()).isEqualTo("open");
            assertThatThrownBy(() -> LogEventStore.open(folder))
                    .isInstanceOf(StoreException.CannotOpen.class)
                    .hasMessageContaining("in use by process " + child.pid());
        } finally {
            child.destroyForcibly().waitFor();
        }
        LogEventStore.open(folder).close();
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
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("store").toFile(), "rw")) {
            file.seek(8);
            file.write(9);
        }

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
}
