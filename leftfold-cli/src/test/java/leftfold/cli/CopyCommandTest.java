// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leftfold.log.LogEventStore;
import leftfold.log.LogOptions;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CopyCommandTest {
    private static final Instant START = Instant.parse("2024-02-29T12:00:00.000001Z");
    private static final StreamId STREAM = StreamId.of("thing-0");

    @TempDir
    private Path folder;

    private Path from() {
        return folder.resolve("from");
    }

    private Path to() {
        return folder.resolve("to");
    }

    private Commands.Outcome copy(String... options) {
        String[] arguments = Stream.concat(
                        Stream.of("copy", "--from", from().toString(), "--to", to().toString()), Stream.of(options))
                .toArray(String[]::new);
        return Commands.runBare(Map.of(), "", arguments);
    }

    private static EventStore open(Path folder) {
        return LogEventStore.open(folder, LogOptions.defaults().withClock(InstantSource.fixed(START)));
    }

    /** Appends to the log in {@code folder}, some events at a time, at times of their own. */
    private static List<RecordedEvent> fill(Path folder, long seed, int appends) {
        Random random = new Random(seed);
        long[] micros = {random.nextInt(100)};
        InstantSource clock = () -> START.plus(Duration.ofNanos(1_000 * micros[0]));
        try (EventStore store = LogEventStore.open(folder, LogOptions.defaults().withClock(clock))) {
            for (int i = 0; i < appends; i++) {
                micros[0] += random.nextInt(2);
                List<StreamWrite> writes = IntStream.range(0, 1 + random.nextInt(3))
                        .mapToObj(stream -> new StreamWrite(StreamId.of("thing-" + stream), events(random)))
                        .toList();
                store.append(writes, List.of());
            }
        }
        return events(folder);
    }

    private static List<Event> events(Random random) {
        List<Event> events = new ArrayList<>();
        for (int i = random.nextInt(40); i >= 0; i--) {
            byte[] bytes = new byte[random.nextInt(600)];
            random.nextBytes(bytes);
            Set<Tag> tags = new LinkedHashSet<>(List.of(Tag.of("z", "1"), Tag.of("a", "" + random.nextInt(9))));
            Metadata metadata =
                    Metadata.none().withActor("ann").withHeader("z", "1").withHeader("a", "");
            UUID id = new UUID(random.nextLong(), random.nextLong());
            events.add(new Event(id, "Happened", 1 + i, Data.of(bytes, Data.BINARY), metadata, tags));
        }
        return events;
    }

    private static List<RecordedEvent> events(Path folder) {
        try (EventStore store = open(folder);
                Stream<RecordedEvent> events = store.read(Query.all(), 0, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }

    @Test
    void a_copy_is_the_same_log_under_its_own_id_and_the_same_command_again_copies_nothing() {
        List<RecordedEvent> log = fill(from(), 1, 100);
        int events = log.size();
        assertThat(copy("--json").json()).singleElement().satisfies(done -> {
            assertThat(done.path("events").longValue()).isEqualTo(events);
            assertThat(done.path("copied").longValue()).isEqualTo(events);
            assertThat(done.path("compared").longValue()).isEqualTo(events);
        });

        assertThat(events(to())).isEqualTo(log);
        assertThat(EventDifference.between(events(to()).getLast(), log.getLast()))
                .isEmpty();
        try (EventStore one = open(from());
                EventStore other = open(to())) {
            assertThat(other.id()).isNotEqualTo(one.id());
        }
        String count = Shown.number(events);
        assertThat(copy().out())
                .isEqualTo(
                        to() + ": 0 events copied from " + from() + ", " + count + " events compared, all the same\n");
        assertThat(copy("--no-verify").out()).isEqualTo(to() + ": 0 events copied from " + from() + ", not compared\n");
    }

    @Test
    void a_copy_goes_on_with_what_came_since_and_the_copy_can_go_on_by_itself() {
        List<RecordedEvent> before = fill(from(), 2, 20);
        assertThat(copy().exitCode()).isZero();
        List<RecordedEvent> log = fill(from(), 3, 20);

        JsonNode done = copy("--json").json().getFirst();

        assertThat(done.path("copied").longValue()).isEqualTo(log.size() - before.size());
        assertThat(done.path("compared").longValue()).isEqualTo(log.size());
        assertThat(events(to())).isEqualTo(log);
        try (EventStore copied = open(to())) {
            long version = copied.streamVersion(STREAM);
            Event known = log.getFirst().event();
            assertThat(copied.append(List.of(new StreamWrite(STREAM, List.of(known))), List.of()))
                    .isEqualTo(new AppendResult(1, List.of(new StreamVersion(STREAM, 1)), true));
            assertThat(copied.append(STREAM, version, List.of(known.withId(UUID.randomUUID())))
                            .position())
                    .isEqualTo(log.size() + 1L);
        }
    }

    @Test
    void an_empty_log_is_copied_to_an_empty_log() {
        open(from()).close();

        Commands.Outcome done = copy();

        assertThat(done.out()).isEqualTo(to() + ": 0 events copied from " + from() + ", nothing to compare\n");
        assertThat(events(to())).isEmpty();
    }

    @Test
    void a_log_can_be_copied_into_memory_to_check_it() {
        int events = fill(from(), 4, 10).size();
        Commands.Outcome done = Commands.runBare(Map.of(), "", "copy", "--from", from().toString(), "--to", "memory:");

        assertThat(done.out()).startsWith("memory:: " + events + " events copied");
        assertThat(done.exitCode()).isZero();
    }

    @Test
    void a_target_with_another_log_is_refused_by_the_first_position_that_differs() {
        fill(from(), 5, 20);
        assertThat(copy().exitCode()).isZero();
        Event other = Event.of("Other", Data.json("{}"));
        try (EventStore target = open(to());
                EventStore source = open(from())) {
            target.append(STREAM, target.streamVersion(STREAM), List.of(other));
            source.append(STREAM, source.streamVersion(STREAM), List.of(other.withId(UUID.randomUUID())));
        }
        List<RecordedEvent> before = events(to());
        String place = "the target holds another log: at position " + before.size() + " it has another id";

        assertRefused(copy(), 1, place);
        assertRefused(copy("--no-verify"), 1, place);
        fill(from(), 6, 3);
        assertRefused(copy(), 1, place);
        assertRefused(copy("--no-verify"), 1, place);
        assertThat(events(to())).isEqualTo(before);
    }

    @Test
    void a_target_whose_middle_differs_is_refused_though_its_end_is_the_same() {
        List<RecordedEvent> log = fill(from(), 7, 20);
        List<RecordedEvent> changed = new ArrayList<>(log);
        RecordedEvent third = log.get(2);
        Set<Tag> reversed = new LinkedHashSet<>(List.copyOf(third.tags()).reversed());
        changed.set(
                2,
                new RecordedEvent(
                        3,
                        third.stream(),
                        third.version(),
                        third.recordedAt(),
                        third.event().withTags(reversed)));
        try (LogEventStore target = LogEventStore.open(to())) {
            target.restore(changed.subList(0, changed.size() - 2));
        }

        assertRefused(copy(), 1, "at position 3 it has another order of tags;");
        assertThat(events(to())).hasSize(log.size() - 2);
    }

    @Test
    void a_source_that_is_behind_its_target_is_refused() {
        int events = fill(from(), 8, 5).size();
        assertThat(copy().exitCode()).isZero();
        fill(to(), 9, 5);
        int ahead = events(to()).size();

        for (String[] options : new String[][] {{}, {"--no-verify"}}) {
            assertRefused(
                    copy(options),
                    1,
                    "the target ends at position " + ahead + ", after the end of the source at " + events);
        }
        assertThat(events(to())).hasSize(ahead);
    }

    @Test
    void one_store_under_two_names_is_refused() throws Exception {
        fill(from(), 10, 1);
        Files.createSymbolicLink(to(), from());

        assertRefused(copy(), 2, "--from and --to name the same store");
        assertThat(Commands.runBare(Map.of(), "", "copy", "--from", "memory:", "--to", "memory:")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void a_copied_folder_is_the_same_log_and_is_refused() throws Exception {
        fill(from(), 11, 1);
        Files.createDirectory(to());
        try (Stream<Path> files = Files.list(from())) {
            for (Path file : files.toList()) {
                Files.copy(file, to().resolve(from().relativize(file)));
            }
        }

        assertRefused(copy(), 1, "--from and --to are the same log");
    }

    @Test
    void what_is_no_store_is_refused_and_left_alone() throws Exception {
        assertRefused(copy(), 1, "no store at " + from());
        assertThat(from()).doesNotExist();
        assertThat(to()).doesNotExist();

        fill(from(), 12, 1);
        Files.createDirectory(to());
        Files.writeString(to().resolve("letter.txt"), "dear");
        assertRefused(copy(), 1, "letter.txt");
        try (Stream<Path> files = Files.list(to())) {
            assertThat(files).containsExactly(to().resolve("letter.txt"));
        }
    }

    @Test
    void a_wrong_command_line_is_told_from_a_refusal() {
        for (String[] arguments : new String[][] {
            {"copy"},
            {"copy", "--from", "a"},
            {"copy", "--to", "a"},
            {"copy", "--from", "", "--to", "a"},
            {"copy", "--from", "a", "--to", ""},
            {"copy", "--from", "a", "--to", "b", "--store", "c"}
        }) {
            assertThat(Commands.runBare(Map.of(), "", arguments).exitCode()).isEqualTo(2);
        }
    }

    @Test
    void a_damaged_source_is_copied_up_to_a_page_before_the_damage() throws Exception {
        List<RecordedEvent> log = fill(from(), 13, 400);
        Path segment = from().resolve("segment-000001.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 8 * 7] ^= 1;
        Files.write(segment, bytes);

        assertRefused(copy(), 1, "segment-000001.log is damaged at byte ");
        List<RecordedEvent> copied = events(to());
        assertThat(copied).hasSizeGreaterThan(1_000).isEqualTo(log.subList(0, copied.size()));
    }

    private static void assertRefused(Commands.Outcome outcome, int exitCode, String reason) {
        assertThat(outcome.err()).hasLineCount(1).contains(reason);
        assertThat(outcome.exitCode()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
    }
}
