// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What callers are told when the disk fails under an open store. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FailureTest {
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);
    private static final StreamId STREAM = StreamId.of("thing-1");

    private final SimDirectory disk = new SimDirectory();

    @Test
    void an_append_whose_sync_fails_is_unknown_and_every_later_one_is_refused_with_the_first_cause()
            throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.append(STREAM, 0, List.of(event(10)));
            failNext("sync of segment");

            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(10))))
                    .isInstanceOf(StoreException.OutcomeUnknown.class)
                    .hasMessageContaining("not known");
            disk.faults(SimDirectory.Faults.NONE);
            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(10))))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("no luck");
            assertThat(events(store)).hasSize(1);
        }
    }

    @Test
    void the_caller_of_an_unknown_append_learns_the_outcome_by_asking_or_by_appending_again() throws IOException {
        Event event = event(10);
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            failNext("sync of segment");
            assertThatThrownBy(() -> store.append(STREAM, 0, List.of(event)))
                    .isInstanceOf(StoreException.OutcomeUnknown.class);
        }
        disk.faults(SimDirectory.Faults.NONE);
        try (LogEventStore store = LogEventStore.open(disk.afterKill(), OPTIONS)) {
            boolean stored = store.find(STREAM, event.id()).isPresent();

            assertThat(store.append(STREAM, 0, List.of(event)).repeated()).isEqualTo(stored);
            assertThat(events(store)).extracting(RecordedEvent::event).containsExactly(event);
        }
    }

    @Test
    void a_full_disk_refuses_what_needs_a_new_segment_and_goes_on_when_space_returns() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            failNext("create segment");
            store.append(STREAM, 0, List.of(event(2_000)));

            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(3_000))))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("nothing was written");
            assertThat(events(store)).hasSize(1);
            assertThat(store.append(STREAM, 1, List.of(event(500))).version())
                    .as("what still fits is taken")
                    .isEqualTo(2);
            disk.faults(SimDirectory.Faults.NONE);
            assertThat(store.append(STREAM, 2, List.of(event(3_000))).version()).isEqualTo(3);
            assertThat(events(store)).hasSize(3);
        }
        assertThat(LogVerifier.verify(disk).clean()).isTrue();
    }

    @Test
    void a_folder_that_may_not_be_written_any_more_is_not_called_full() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            disk.faults((call, what) -> {
                if (what.startsWith("create segment")) {
                    throw new AccessDeniedException("sim/" + SpareFile.NAME);
                }
            });
            store.append(STREAM, 0, List.of(event(2_000)));

            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(3_000))))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("no permission to make the next segment (sim/" + SpareFile.NAME + ")")
                    .hasMessageNotContaining("free space");
        }
    }

    @Test
    void a_disk_that_fails_to_make_a_segment_is_called_full_only_if_it_is() throws IOException {
        for (String call : List.of("create segment.new", "write to segment.new", "sync of segment.new")) {
            checkNextSegmentFails(call, "Input/output error", "the disk failed to make the next segment (");
            checkNextSegmentFails(call, "No space left on device", "no room for the next segment (");
            checkNextSegmentFails(call, "Disk quota exceeded", "no room for the next segment (");
        }
    }

    private static void checkNextSegmentFails(String call, String cause, String told) throws IOException {
        SimDirectory disk = new SimDirectory();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.append(STREAM, 0, List.of(event(1_000)));
            disk.faults((number, what) -> {
                if (what.equals(call) && disk.names().contains(SpareFile.NAME) == !call.startsWith("create")) {
                    throw new IOException(cause);
                }
            });

            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(4_000))))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageStartingWith(told + cause + "); nothing was written; ")
                    .hasMessageContaining(told.startsWith("no room") ? "free space" : "check the disk");
            disk.faults(SimDirectory.Faults.NONE);
            assertThat(store.append(STREAM, 1, List.of(event(4_000))).version()).isEqualTo(2);
        }
    }

    @Test
    void the_next_segment_is_made_ahead_and_removed_if_it_is_not_needed() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.append(STREAM, 0, List.of(event(100)));
            assertThat(disk.list()).doesNotContain(SpareFile.NAME);
            store.append(STREAM, 1, List.of(event(2_000)));
            assertThat(disk.list()).contains(SpareFile.NAME);
            failNext("create segment");
            assertThat(store.append(STREAM, 2, List.of(event(3_000))).version())
                    .as("it is there already")
                    .isEqualTo(3);
            disk.faults(SimDirectory.Faults.NONE);
            store.append(STREAM, 3, List.of(event(100)));
        }
        assertThat(disk.list()).contains("segment-000002.log").doesNotContain(SpareFile.NAME);
    }

    @Test
    void a_refused_append_is_told_so_even_if_its_neighbour_in_the_group_fails() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.append(STREAM, 0, List.of(event(10)));
            failNext("write to segment");

            assertThatThrownBy(() -> store.append(STREAM, 7, List.of(event(10))))
                    .isInstanceOfSatisfying(StoreException.Conflict.class, conflict -> {
                        assertThat(conflict.expected()).isEqualTo(7);
                        assertThat(conflict.found()).isEqualTo(1);
                    });
        }
    }

    @Test
    void an_error_in_the_writer_leaves_nobody_waiting() throws IOException {
        AtomicBoolean broken = new AtomicBoolean();
        LogOptions options = OPTIONS.withClock(() -> {
            if (broken.get()) {
                throw new OutOfMemoryError("no luck");
            }
            return Instant.EPOCH;
        });
        try (LogEventStore store = LogEventStore.open(disk, options)) {
            store.append(STREAM, 0, List.of(event(10)));
            broken.set(true);

            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(10))))
                    .isInstanceOf(StoreException.OutcomeUnknown.class);
            broken.set(false);
            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(10))))
                    .isInstanceOf(StoreException.Unavailable.class);
            assertThat(events(store)).hasSize(1);
        }
    }

    @Test
    void each_caller_whose_append_is_unknown_gets_an_exception_of_its_own() throws IOException {
        GroupClock clock = new GroupClock();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS.withClock(clock))) {
            failNext("sync of segment");
            List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
            clock.together(() -> {
                for (int i = 0; i < 2; i++) {
                    answers.add(store.appendAsync(
                            new Append(List.of(new StreamWrite(STREAM, List.of(event(1)))), List.of())));
                }
            });

            assertThat(answers)
                    .extracting(answer ->
                            answer.handle((result, failure) -> failure).join())
                    .hasOnlyElementsOfType(StoreException.OutcomeUnknown.class)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void a_disk_that_is_full_gets_back_the_room_of_a_segment_that_could_not_be_finished() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.append(STREAM, 0, List.of(event(2_000)));
            failNext("sync of segment.new");

            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(3_000))))
                    .isInstanceOf(StoreException.Unavailable.class);
            assertThat(disk.list()).doesNotContain("segment.new");
        }
    }

    @Test
    void a_segment_that_may_or_may_not_have_got_its_name_is_not_written_past() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.append(STREAM, 0, List.of(event(2_000)));
            failNext("rename segment.new");

            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(3_000))))
                    .isInstanceOf(StoreException.OutcomeUnknown.class);
            disk.faults(SimDirectory.Faults.NONE);
            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(10))))
                    .isInstanceOf(StoreException.Unavailable.class);
        }
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.append(STREAM, 1, List.of(event(10))).version()).isEqualTo(2);
        }
        assertThat(LogVerifier.verify(disk).clean()).isTrue();
    }

    @Test
    void a_segment_lost_after_a_crash_came_before_its_predecessor_was_sealed_is_noticed() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.append(STREAM, 0, List.of(event(2_000)));
            AtomicBoolean named = new AtomicBoolean();
            disk.faults((number, what) -> {
                if (named.get()) { // the next call would make the name durable, the one after that write the seal
                    throw new IOException("no luck");
                }
                named.set(named.get() || what.startsWith("rename"));
            });

            assertThatThrownBy(() -> store.append(STREAM, 1, List.of(event(3_000))))
                    .isInstanceOf(StoreException.OutcomeUnknown.class);
        }
        disk.faults(SimDirectory.Faults.NONE);
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            store.append(STREAM, 1, List.of(event(3_000)));
        }
        disk.remove("segment-000002.log");

        assertThat(LogVerifier.verify(disk).damages())
                .extracting(Damage::firstPosition)
                .containsExactly(2L);
    }

    @Test
    void a_store_that_cannot_be_opened_leaves_no_file_open() throws IOException {
        for (int failing = 1; failing < 30; failing++) {
            SimDirectory fresh = new SimDirectory();
            int call = failing;
            fresh.faults((number, what) -> {
                if (number == call) {
                    throw new IOException("no luck");
                }
            });
            try (LogEventStore store = LogEventStore.open(fresh, OPTIONS)) {
                assertThat(store.head()).isZero();
            } catch (IOException e) {
                assertThat(e).hasMessage("no luck");
            }
            assertThat(fresh.openFiles()).as("after call %d", failing).isZero();
        }
    }

    private void failNext(String call) {
        disk.faults((number, what) -> {
            if (what.startsWith(call)) {
                throw new IOException("no luck");
            }
        });
    }

    private static Event event(int bytes) {
        return Event.of("Happened", Data.of(new byte[bytes], Data.BINARY)).withId(UUID.randomUUID());
    }

    private static List<RecordedEvent> events(LogEventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, 100)) {
            return events.toList();
        }
    }
}
