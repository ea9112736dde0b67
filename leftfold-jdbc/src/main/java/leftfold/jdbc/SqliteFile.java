// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/** A SQLite file, made with its folder when it is first connected to. Safe for use by many threads. */
final class SqliteFile extends SQLiteDataSource {
    private final Path file;

    SqliteFile(SQLiteConfig config, Path file) {
        super(config);
        this.file = file;
        setUrl("jdbc:sqlite:" + file);
    }

    /** Returns whether it is there. */
    boolean exists() {
        return Files.exists(file);
    }

    /**
     * Finds out whether it can be used; where it is not there yet, whether it can be made. Nothing is changed.
     *
     * @throws SQLException if it is no database, or cannot be read
     * @throws IOException if its folder cannot be made or written to
     */
    void check() throws SQLException, IOException {
        if (exists()) {
            try (SQLiteConnection connection = getConnection(null, null)) {
                connection.getMetaData().getDatabaseProductVersion();
            }
            return;
        }
        Path folder = file.getParent();
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new IOException(folder + " is no folder that can be written to");
        }
    }

    @Override
    public SQLiteConnection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        Path folder = file.getParent();
        if (folder != null && !Files.exists(folder)) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new SQLException("cannot make the folder " + folder, e);
            }
        }
        return super.getConnection(user, password);
    }
}
