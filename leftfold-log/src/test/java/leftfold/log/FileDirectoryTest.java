// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
