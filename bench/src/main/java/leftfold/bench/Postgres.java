// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;

/** A PostgreSQL server of its own with its data in a folder, as durable as it comes: no other setting is ours. */
record Postgres(EmbeddedPostgres server) implements AutoCloseable {
    /**
     * Starts one.
     *
     * @throws IOException if it does not start
     */
    static Postgres start(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new Postgres(EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.resolve("server").toFile())
                .setDataDirectory(folder.resolve("data"))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start());
    }

    DataSource database() {
        return server.getPostgresDatabase();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
