// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.demo;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.jdbc.Sqlite;
import leftfold.postgres.Postgres;

/**
 * Where the read models are: with the events that they are made of, in the same database or in a file in the same
 * folder; or, for events that are in neither, in a temporary folder that goes at the end. Immutable.
 *
 * @param end gives back what the database took
 */
record ModelDatabase(DataSource source, End end) implements AutoCloseable {
    private static final String NAME = "read-models.db";

    /** What is to be done at the end. */
    interface End {
        /** Does it. */
        void run() throws IOException;
    }

    /** Returns the database for the store at {@code location}; a temporary folder is made where it needs one. */
    static ModelDatabase of(String location) throws IOException {
        if (Postgres.isLocation(location)) {
            HikariDataSource pool = Postgres.pool(location);
            return new ModelDatabase(pool, pool::close);
        }
        if (Files.isDirectory(Path.of(location))) {
            return new ModelDatabase(Sqlite.open(Path.of(location, NAME)), () -> {});
        }
        Path folder = Files.createTempDirectory("leftfold-");
        return new ModelDatabase(Sqlite.open(folder.resolve(NAME)), () -> delete(folder));
    }

    /**
     * Returns the database that keeps the read models of the store at {@code location}.
     *
     * @throws IllegalArgumentException if there is none: the store is no folder or database
     */
    static DataSource beside(String location) {
        if (Postgres.isLocation(location)) {
            return Postgres.pool(location);
        }
        Path folder = Path.of(location);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "read models are kept beside a store in a folder, not for " + location + "; name a folder");
        }
        return Sqlite.open(folder.resolve(NAME));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.delete(folder);
    }

    @Override
    public void close() throws IOException {
        end.run();
    }
}
