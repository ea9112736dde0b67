// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import leftfold.store.StoreException;
import org.sqlite.SQLiteConfig;

/** SQLite as the database for read models where none is given. */
public final class Sqlite {
    private static final int CACHE_KIBIBYTES = 65_536;
    private static final Duration BUSY_WAIT = Duration.ofSeconds(10);

    private Sqlite() {}

    /**
     * Returns the database in {@code file}; where it is not there, it is made with its folder by the first connection.
     * Readers and one writer work at the same time (WAL), a commit survives a power cut (synchronous FULL), and a
     * writer waits ten seconds for the one before it.
     *
     * @throws StoreException.CannotOpen if the file cannot be used; nothing was changed
     */
    public static DataSource open(Path file) {
        return open(file, SQLiteConfig.SynchronousMode.FULL);
    }

    /** As {@link #open(Path)}, but commits survive a power cut only as far as {@code synchronous} says. */
    static DataSource open(Path file, SQLiteConfig.SynchronousMode synchronous) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(synchronous);
        config.setCacheSize(-CACHE_KIBIBYTES);
        config.setBusyTimeout((int) BUSY_WAIT.toMillis());
        Path absolute = file.toAbsolutePath();
        SqliteFile source = new SqliteFile(config, absolute);
        try {
            source.check();
        } catch (IOException | SQLException e) {
            throw new StoreException.CannotOpen(
                    "cannot use " + absolute + " as a SQLite database; name another file or make its folder writable: "
                            + e.getMessage(),
                    e);
        }
        return source;
    }
}
