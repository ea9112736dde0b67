// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import leftfold.Leftfold;
import leftfold.cli.Commands.Outcome;
import leftfold.store.EventStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class InspectionCommandsTest {
    @TempDir
    private Path folder;

    private Commands commands;

    @BeforeEach
    void four_events() {
        commands = new Commands(folder.resolve("store"));
        commands.run("append", "order-1", "--type", "Placed", "--data", "{\"needle\":1}");
        commands.run("append", "invoice-1", "--type", "Sent");
        commands.run("append", "order-1", "--type", "Paid");
        commands.run("append", "order-2", "--type", "Placed");
    }

    @Test
    void streams_lists_names_and_versions_in_the_order_of_their_beginning() {
        assertThat(commands.run("streams").lines())
                .containsExactly("       2  order-1", "       1  invoice-1", "       1  order-2");
    }

    @Test
    void streams_can_be_narrowed() {
        assertThat(commands.run("streams", "--category", "order", "--limit", "1", "--json")
                        .lines())
                .containsExactly("{\"stream\":\"order-1\",\"version\":2,\"category\":\"order\"}");
        assertThat(commands.run("streams", "--category", "nothing").out()).isEmpty();
        assertThat(commands.run("streams", "--limit", "-1").exitCode()).isEqualTo(2);
    }

    @Test
    void stats_counts_by_category_and_type() {
        JsonNode stats = commands.run("stats", "--json").json().getFirst();

        assertThat(stats.path("events").intValue()).isEqualTo(4);
        assertThat(stats.path("streams").intValue()).isEqualTo(3);
        assertThat(stats.path("categories").toString())
                .isEqualTo("[{\"category\":\"order\",\"streams\":2,\"events\":3},"
                        + "{\"category\":\"invoice\",\"streams\":1,\"events\":1}]");
        assertThat(stats.path("types").toString())
                .isEqualTo("[{\"type\":\"Placed\",\"events\":2},{\"type\":\"Paid\",\"events\":1},"
                        + "{\"type\":\"Sent\",\"events\":1}]");
        assertThat(commands.run("stats").lines()).contains("events      4", "           3             2  order");
    }

    @Test
    void tail_begins_where_it_is_told_and_stops_at_its_limit() {
        assertThat(commands.run("tail", "--from", "2", "--limit", "2", "--json").json())
                .extracting(event -> event.path("position").intValue())
                .containsExactly(2, 3);
        assertThat(commands.run("tail", "order-1", "--from", "2", "--limit", "1", "--json")
                        .json())
                .extracting(event -> event.path("position").intValue())
                .containsExactly(3);
        assertThat(commands.run("tail", "--type", "Placed", "--from", "0", "--limit", "2", "--json")
                        .json())
                .extracting(event -> event.path("position").intValue())
                .containsExactly(1, 4);
        assertThat(commands.run("tail", "--from", "-1").exitCode()).isEqualTo(2);
    }

    @Test
    void verify_says_that_a_whole_store_is_whole() {
        Outcome outcome = commands.run("verify");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("4 events in 1 segment, no damage");
        assertThat(commands.run("verify", "--json")
                        .json()
                        .getFirst()
                        .path("clean")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void verify_finds_a_changed_byte_and_where_it_is() throws IOException {
        damage("needle");

        Outcome outcome = commands.run("verify", "--json");

        assertThat(outcome.exitCode()).isEqualTo(1);
        JsonNode report = outcome.json().getFirst();
        assertThat(report.path("clean").booleanValue()).isFalse();
        assertThat(report.path("damages").get(0).path("offset").longValue()).isPositive();
        assertThat(commands.run("verify").lines().getFirst()).contains(" at byte ");
    }

    @Test
    void memory_holds_nothing_to_verify() {
        Outcome outcome = Commands.runBare(Map.of(), "", "verify", "--store", "memory:");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).hasLineCount(1).contains("nothing to verify");
    }

    @Test
    void a_store_that_another_process_has_open_is_refused_in_one_line() {
        try (EventStore open = Leftfold.open(folder.resolve("store").toString())) {
            Outcome outcome = commands.run("read");

            assertThat(open.head()).isEqualTo(4);
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).hasLineCount(1).startsWith("leftfold: ");
        }
    }

    /** Changes one byte of the data that contains {@code text}. */
    private void damage(String text) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("store"))) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
                if (at >= 0) {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.write(ByteBuffer.wrap(new byte[] {'N'}), at);
                    }
                    return;
                }
            }
        }
        throw new AssertionError("no file contains " + text);
    }
}
