// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import leftfold.Leftfold;
import leftfold.log.LogEventStore;
import leftfold.store.AppendCondition.NothingSince;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/01-first-events.md. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FirstEventsTest {

    private static final Event ISSUED = Event.of("CardIssued", Data.json("{\"cents\":5000}"));
    private static final Event REDEEMED = Event.of("AmountRedeemed", Data.json("{\"cents\":1200}"));

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void what_is_appended_is_read_in_order() {
        // region append
        try (EventStore store = Leftfold.open(folder.toString())) {
            StreamId card = StreamId.of("card-7F3A");
            AppendResult result = store.append(
                    card,
                    0,
                    List.of(
                            Event.of("CardIssued", Data.json("{\"cents\":5000}")),
                            Event.of("AmountRedeemed", Data.json("{\"cents\":1200}"))));
            out.println("version " + result.version() + ", position " + result.position());
        }
        // endregion
        // region read
        try (EventStore store = Leftfold.open(folder.toString());
                Stream<RecordedEvent> events = store.readStream(StreamId.of("card-7F3A"))) {
            events.forEach(event -> out.println(
                    event.version() + " " + event.type() + " " + event.data().text()));
        }
        // endregion
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        version 2, position 2
                        1 CardIssued {"cents":5000}
                        2 AmountRedeemed {"cents":1200}
                        """);
    }

    @Test
    void a_second_writer_that_saw_an_older_version_is_refused() {
        try (EventStore store = Leftfold.open("memory:")) {
            StreamId card = StreamId.of("card-7F3A");
            store.append(card, 0, List.of(ISSUED));
            store.append(card, 1, List.of(REDEEMED));
            // region conflict
            try {
                store.append(card, 1, List.of(Event.of("CardBlocked", Data.json("{}"))));
            } catch (StoreException.Conflict conflict) {
                out.println("expected " + conflict.expected() + ", found " + conflict.found());
            }
            // endregion
            assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("expected 1, found 2\n");
            assertThat(store.head()).isEqualTo(2);
        }
    }

    @Test
    void the_same_append_again_changes_nothing() {
        try (EventStore store = Leftfold.open("memory:")) {
            StreamId card = StreamId.of("card-7F3A");
            List<Event> events = List.of(ISSUED);
            // region repeat
            AppendResult first = store.append(card, 0, events);
            AppendResult again = store.append(card, 0, events); // the same ids: the answer to the first was lost, say
            // endregion
            assertThat(again.repeated()).isTrue();
            assertThat(again.position()).isEqualTo(first.position());
            assertThat(store.head()).isEqualTo(1);
        }
    }

    @Test
    void several_streams_are_written_together_or_not_at_all() {
        try (EventStore store = Leftfold.open("memory:")) {
            StreamId from = StreamId.of("card-7F3A");
            StreamId to = StreamId.of("card-9C01");
            store.append(from, 0, List.of(ISSUED));
            List<Event> out = List.of(Event.of("AmountMovedOut", Data.json("{\"cents\":500}")));
            List<Event> in = List.of(Event.of("AmountMovedIn", Data.json("{\"cents\":500}")));
            // region several
            store.append(
                    List.of(new StreamWrite(from, out), new StreamWrite(to, in)),
                    List.of(new StreamAt(from, 1), new StreamAt(to, 0)));
            // endregion
            assertThat(store.streamVersion(from)).isEqualTo(2);
            assertThat(store.streamVersion(to)).isEqualTo(1);
        }
    }

    @Test
    void a_condition_can_be_about_whatever_a_query_finds() {
        try (EventStore store = Leftfold.open("memory:")) {
            Tag customer = Tag.of("customer", "ada");
            // region boundary
            Query ofCustomer = Query.tags(customer);
            long seen = store.head();
            // ... read what there is of this customer, and decide that a first card may be issued ...
            store.append(
                    List.of(new StreamWrite(StreamId.of("card-7F3A"), List.of(ISSUED.withTags(Set.of(customer))))),
                    List.of(new NothingSince(ofCustomer, seen)));
            // endregion
            assertThatThrownBy(() -> store.append(
                            List.of(new StreamWrite(
                                    StreamId.of("card-9C01"), List.of(REDEEMED.withTags(Set.of(customer))))),
                            List.of(new NothingSince(ofCustomer, seen))))
                    .isInstanceOf(StoreException.Conflict.class);
        }
    }

    @Test
    void a_second_store_on_one_folder_is_refused_with_the_process_id() {
        try (EventStore store = LogEventStore.open(folder)) {
            assertThat(store.head()).isZero();
            assertThatThrownBy(() -> LogEventStore.open(folder))
                    .isInstanceOf(StoreException.CannotOpen.class)
                    .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
        }
    }
}
