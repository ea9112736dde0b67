// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import leftfold.memory.MemoryEventStore;
import leftfold.store.StoreException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A SQLite file as the place for read models. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SqliteTest {
    @TempDir
    private Path folder;

    @Test
    void asking_what_there_is_makes_no_file() throws Exception {
        ReadModels models = new ReadDatabase(Sqlite.open(folder.resolve("new/read.db"))).models();
        try (MemoryEventStore store = new MemoryEventStore()) {
            assertThat(models.status(store)).isEmpty();
            assertThat(models.await("feed", 1, Duration.ZERO)).isFalse();
            assertThatThrownBy(() -> models.deadLetters("feed"))
                    .isInstanceOf(ReadModelException.NotThere.class)
                    .hasMessageContaining("there are no read models yet");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_file_is_made_with_its_folder_by_the_first_connection() throws Exception {
        Path file = folder.resolve("new/read.db");
        Sqlite.open(file).getConnection().close();
        assertThat(file).exists();
    }

    @Test
    void a_file_that_cannot_be_used_is_said_at_once() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "no database, but long enough to be looked at as one");
        for (Path file : new Path[] {text, text.resolve("read.db"), folder}) {
            assertThatThrownBy(() -> Sqlite.open(file))
                    .isInstanceOf(StoreException.CannotOpen.class)
                    .hasMessageContaining("cannot use " + file + " as a SQLite database");
        }
        assertThat(text).hasContent("no database, but long enough to be looked at as one");
    }
}
