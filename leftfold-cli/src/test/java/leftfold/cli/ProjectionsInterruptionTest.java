// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.jdbc.DocumentCodec;
import leftfold.jdbc.ProjectionStatus;
import leftfold.jdbc.ReadDatabase;
import leftfold.jdbc.Sqlite;
import leftfold.log.LogEventStore;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that fill read models and get a Ctrl-C on the way. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ProjectionsInterruptionTest {
    private static final int EVENTS = 20_000; // more than the slow handlers take before the signal comes
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final DocumentCodec<Long> LONGS = DocumentCodec.of(String::valueOf, Long::valueOf);

    @TempDir
    private Path folder;

    private Path store;
    private Commands commands;

    @BeforeEach
    void many_deposits() {
        store = folder.resolve("store");
        commands = new Commands(store);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            events.add(Event.of("Deposited", Data.json("{\"to\":\"ann\",\"amount\":1}")));
        }
        try (EventStore log = LogEventStore.open(store)) {
            for (int from = 0; from < EVENTS; from += 1_000) {
                log.append(StreamId.of("money-1"), from, events.subList(from, from + 1_000));
            }
        }
    }

    @Test
    void an_interrupted_rebuild_says_so_and_the_next_one_goes_on_where_it_was() throws Exception {
        Process child = start("projections", "rebuild", "totals");
        interruptOnTheWay(child, store.resolve("read-models.db"));
        assertThat(errors(child)).hasLineCount(1).contains("interrupted; readers see what they saw before");
        assertThat(child.waitFor()).isEqualTo(1);
        DataSource database = Sqlite.open(store.resolve("read-models.db"));
        ProjectionStatus broken = status(database);
        assertThat(broken.state()).isEqualTo(ProjectionStatus.State.BUILDING);
        assertThat(broken.position()).isPositive().isLessThan(EVENTS);

        assertThat(commands.run("projections", "rebuild", "totals").out())
                .isEqualTo("readers see totals v1, at position " + EVENTS + "\n");
        assertThat(new ReadDatabase(database).document("totals", "ann", LONGS)).contains((long) EVENTS);
        assertThat(status(database).build()).isEqualTo(broken.build());
    }

    @Test
    void an_interrupted_replay_says_so_and_one_into_the_same_file_is_refused_until_that_is_removed() throws Exception {
        Path file = folder.resolve("then.db");
        String[] replay = {"projections", "replay", "totals", "--into", file.toString()};
        Process child = start(replay);
        interruptOnTheWay(child, file);
        assertThat(errors(child)).hasLineCount(1).contains("interrupted; " + file + " has what was done by then");
        assertThat(child.waitFor()).isEqualTo(1);
        assertThat(store.resolve("read-models.db")).doesNotExist();

        assertThat(commands.run(replay).err()).hasLineCount(1).contains(file + " is there already");
        try (Stream<Path> left = Files.list(folder)) {
            for (Path old : left.filter(Files::isRegularFile).toList()) {
                Files.delete(old);
            }
        }
        assertThat(commands.run(replay).out()).contains("has totals v1 at position " + EVENTS);
        assertThat(new ReadDatabase(Sqlite.open(file)).document("totals", "ann", LONGS))
                .contains((long) EVENTS);
    }

    /** Sends the signal of Ctrl-C once something of the read model is there. */
    private void interruptOnTheWay(Process child, Path file) throws Exception {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (position(file) == 0) {
            assertThat(child.isAlive() && System.nanoTime() < deadline)
                    .as("it gets on")
                    .isTrue();
            Thread.sleep(10);
        }
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(child.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Returns how far the build is; 0 while there is none. The file must not be made by looking. */
    private static long position(Path file) {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Connection connection = Sqlite.open(file).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT MAX(position) FROM leftfold_build")) {
            return row.getLong(1);
        } catch (SQLException | StoreException.CannotOpen e) {
            return 0; // it is being made
        }
    }

    private ProjectionStatus status(DataSource database) {
        try (EventStore log = LogEventStore.open(store)) {
            return new ReadDatabase(database).models().status(log).getFirst();
        }
    }

    private static String errors(Process child) throws IOException {
        return new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Starts a command with slow handlers, in a process that takes the signal even if this one was told not to. */
    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.exists(Path.of("/proc/self"))) {
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-D" + TestProjections.SLOW + "=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        command.addAll(List.of("--store", store.toString()));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
