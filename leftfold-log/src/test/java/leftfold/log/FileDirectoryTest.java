// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What a real disk says of itself. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FileDirectoryTest {
    private final Path folder = TestFolders.create();

    @AfterEach
    void delete_the_folder() {
        TestFolders.delete(folder);
    }

    @Test
    void what_was_written_is_stored_where_the_file_system_lets_the_disk_be_asked() throws Exception {
        Directory directory = new FileDirectory(folder);
        ByteBuffer bytes = ByteBuffer.allocate(3 << 20);
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) (i * 31));
        }
        try (Directory.OpenFile file = directory.create("some", 4 << 20)) {
            file.write(bytes.duplicate(), 4_096 + 8);
            file.sync();
        }

        assertThat(directory.isStored("some", bytes, 4_096 + 8)).isEqualTo(canBeAsked());
        assertThat(directory.isStored("some", bytes, 4_096)).isFalse();
        assertThat(directory.isStored("none", bytes, 0)).isFalse();
    }

    @Test
    void a_sync_of_a_file_asks_the_system_and_fails_if_that_does() throws IOException {
        Files.createSymbolicLink(folder.resolve("device"), Path.of("/dev/null")); // takes writes, and refuses syncs
        try (Directory.OpenFile file = new FileDirectory(folder).open("device")) {
            file.write(ByteBuffer.allocate(1), 0);

            assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_sync_of_a_folder_asks_the_system() throws IOException {
        Directory directory = new FileDirectory(folder);

        assertThat(synced(directory::sync)).containsExactly(folder.toRealPath());
    }

    @Test
    void the_folders_above_one_that_is_made_are_synced_before_anything_is_in_it() throws IOException {
        Path nested = folder.resolve("a/b");

        assertThat(synced(() -> StoreFolder.create(nested)))
                .containsExactlyInAnyOrder(
                        folder.toAbsolutePath(), folder.toAbsolutePath().resolve("a"));
        assertThat(nested).isEmptyDirectory();
    }

    private interface Work {
        void run() throws IOException;
    }

    /** Returns the folders that {@code work} has synced, as the JDK tells of its own calls. */
    private List<Path> synced(Work work) throws IOException {
        Path calls = folder.resolveSibling(folder.getFileName() + ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(calls);
            return RecordingFile.readAllEvents(calls).stream()
                    .map(call -> Path.of(call.getString("path")))
                    .filter(path -> path.startsWith(folder.toAbsolutePath())) // what runs beside this test syncs, too
                    .toList();
        } finally {
            Files.deleteIfExists(calls);
        }
    }

    @Test
    void an_interrupt_of_who_writes_neither_closes_the_store_nor_is_lost() {
        StreamId stream = StreamId.of("thing-1");
        try (LogEventStore store = LogEventStore.open(folder)) {
            for (int version = 0; version < 3; version++) {
                Thread.currentThread().interrupt();
                store.append(stream, version, List.of(Event.of("Happened", Data.json("{}"))));

                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(store.streamVersion(stream)).isEqualTo(3);
        }
    }

    private boolean canBeAsked() throws ReflectiveOperationException {
        Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
        OpenOption direct = (OpenOption) options.getField("DIRECT").get(null);
        try (FileChannel channel = FileChannel.open(folder.resolve("some"), StandardOpenOption.READ, direct)) {
            return channel.isOpen();
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
