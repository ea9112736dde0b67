// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.postgresql.ds.PGSimpleDataSource;

/** A server of PostgreSQL, with fsync; a schema for each log. Ends with the JVM, if not before. */
final class PostgresServer implements AutoCloseable {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static final Path OLDER = Path.of("target", "postgres"); // the pom copies them there

    private final EmbeddedPostgres running;
    private final Path data;
    private final Path programs;

    private PostgresServer(EmbeddedPostgres.Builder builder) {
        try {
            running = builder.setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start();
            data = Path.of(text("SHOW data_directory"));
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
            programs = Path.of(
                            ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow())
                    .resolveSibling("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the newest version. */
    static PostgresServer start() {
        return new PostgresServer(EmbeddedPostgres.builder());
    }

    /** Starts another major version. */
    static PostgresServer start(int major) {
        return new PostgresServer(EmbeddedPostgres.builder()
                .setPgBinaryResolver((system, machine) -> programs(OLDER.resolve("postgres-" + major + ".jar"))));
    }

    private static InputStream programs(Path jar) throws IOException {
        try (ZipInputStream files = new ZipInputStream(Files.newInputStream(jar))) {
            for (ZipEntry file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
                if (file.getName().endsWith(".txz")) {
                    return new ByteArrayInputStream(files.readAllBytes());
                }
            }
        }
        throw new IOException("no .txz in " + jar);
    }

    /** Returns a new schema, empty; close the pool after use. */
    HikariDataSource newSchema() {
        String schema = "test" + SCHEMAS.incrementAndGet();
        execute("CREATE SCHEMA " + schema);
        return pool(schema);
    }

    /** Returns another pool on a schema. */
    HikariDataSource pool(String schema) {
        HikariDataSource pool = new HikariDataSource(); // starts at the first use, and can be set up until then
        pool.setDataSource(source(schema));
        pool.setSchema(schema);
        pool.setMinimumIdle(1); // most tests need few
        return pool;
    }

    /** Returns connections to a schema, without a pool, that bear its name. */
    PGSimpleDataSource source(String schema) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(running.getJdbcUrl("postgres", "postgres"));
        source.setCurrentSchema(schema);
        source.setApplicationName(schema);
        return source;
    }

    /** Returns connections to another database. */
    PGSimpleDataSource database(String name) {
        PGSimpleDataSource source = source("public");
        source.setDatabaseName(name);
        return source;
    }

    /** Does something as the superuser. */
    void execute(String sql) {
        try (Connection connection = source("public").getConnection()) {
            execute(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns the first column of the first row, asked for as the superuser. */
    String text(String sql) {
        try (Connection connection = source("public").getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Lets all processes of the server go at once, without a checkpoint, as after a crash, and starts it again. */
    void crashAndStart() {
        control("-m", "immediate", "restart");
    }

    /** Lets all processes of the server go at once. */
    void crash() {
        control("-m", "immediate", "stop");
    }

    /** Starts the server again. */
    void startAgain() {
        control("-o", "-p " + running.getPort(), "start");
    }

    private void control(String... arguments) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U")); // the server does not run as root
        }
        command.addAll(List.of(programs.resolve("pg_ctl").toString(), "-D", data.toString(), "-w"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " ended with " + process.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
