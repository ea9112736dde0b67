// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The checker finds nothing in a history that is right, and each kind of violation in one that is not. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ConsistencyCheckerTest {
    private static final StreamId A = StreamId.of("thing-a");
    private static final StreamId B = StreamId.of("thing-b");

    private final List<Operation> history = new ArrayList<>();
    private final List<RecordedEvent> log = new ArrayList<>();
    private long now = 1;

    /** Four appends of which the second has two events, a read and a subscription; nothing is wrong with them. */
    @BeforeEach
    void a_history_that_is_right() {
        acknowledge(A, 1, new AppendCondition.StreamAt(A, 0));
        acknowledge(B, 2, new AppendCondition.NothingSince(Query.stream(B), 0));
        acknowledge(A, 1, new AppendCondition.StreamExists(A));
        acknowledge(B, 1, new AppendCondition.StreamAt(B, 2));
        history.add(new Operation.Read(span(), Query.stream(A), 1, Direction.FORWARDS, of(A)));
        history.add(new Operation.Read(span(), Query.all(), 9, Direction.BACKWARDS, log.reversed()));
        history.add(new Operation.Followed(Query.all(), 1, List.copyOf(log.subList(1, 4))));
        assertThat(violations()).isEmpty();
    }

    @Test
    void an_acknowledged_append_that_is_not_there_is_lost() {
        history.subList(4, history.size()).clear();
        log.removeLast();
        assertThat(violations()).singleElement().asString().startsWith("lost:");
    }

    @Test
    void an_event_that_nobody_appended_is_a_phantom() {
        record(A, event());
        assertThat(violations()).singleElement().asString().startsWith("phantom:");
    }

    @Test
    void an_event_may_be_there_once_only() {
        record(B, log.getLast().event());
        assertThat(violations()).anyMatch(line -> line.startsWith("double:"));
    }

    @Test
    void a_refused_append_must_not_be_there() {
        Event event = event();
        history.add(new Operation.Refused(span(), append(A, List.of(event)), unavailable()));
        assertThat(violations()).isEmpty();
        record(A, event);
        assertThat(violations()).singleElement().asString().startsWith("refused:");
    }

    @Test
    void an_unknown_append_is_there_whole_or_not_at_all() {
        List<Event> events = List.of(event(), event());
        history.add(new Operation.Unknown(Operation.Span.unanswered(now++), append(A, events)));
        assertThat(violations()).isEmpty();
        record(A, events.getFirst());
        assertThat(violations()).singleElement().asString().startsWith("torn: 1 of");
        record(A, events.getLast());
        assertThat(violations()).isEmpty();
    }

    @Test
    void the_events_of_an_append_lie_together() {
        List<Event> events = List.of(event(), event());
        Event between = event();
        history.add(new Operation.Unknown(Operation.Span.unanswered(now), append(A, events)));
        history.add(new Operation.Unknown(Operation.Span.unanswered(now), append(B, List.of(between))));
        record(A, events.getFirst());
        record(B, between);
        record(A, events.getLast());
        assertThat(violations()).singleElement().asString().startsWith("torn:").contains("apart");
    }

    @Test
    void positions_and_versions_have_no_gaps() {
        RecordedEvent last = log.removeLast();
        log.add(new RecordedEvent(7, last.stream(), 9, last.recordedAt(), last.event()));
        assertThat(violations())
                .anyMatch(line -> line.startsWith("order: position 7"))
                .anyMatch(line -> line.startsWith("order: version 9"));
    }

    @Test
    void recorded_times_never_go_back() {
        RecordedEvent last = log.removeLast();
        log.add(new RecordedEvent(
                last.position(), last.stream(), last.version(), Instant.EPOCH.minusSeconds(1), last.event()));
        assertThat(violations()).anyMatch(line -> line.contains("was recorded before"));
    }

    @Test
    void an_event_must_be_what_was_appended_and_in_its_stream() {
        RecordedEvent last = log.removeLast();
        Event other = new Event(last.id(), "Other", 1, last.data(), last.metadata(), last.tags());
        log.add(new RecordedEvent(last.position(), A, 3, last.recordedAt(), other));
        assertThat(violations()).filteredOn(line -> line.startsWith("changed:")).hasSize(2);
    }

    @Test
    void an_append_is_told_where_it_is() {
        Operation.Appended last = (Operation.Appended) history.get(3);
        history.set(
                3,
                new Operation.Appended(
                        last.span(), last.append(), new AppendResult(4, List.of(new StreamVersion(B, 2)), false)));
        assertThat(violations()).filteredOn(line -> line.startsWith("result:")).hasSize(2);
    }

    @Test
    void an_append_lies_after_those_that_were_acknowledged_before_it() {
        Operation.Appended first = (Operation.Appended) history.getFirst();
        history.set(0, new Operation.Appended(new Operation.Span(now, now + 1), first.append(), first.result()));
        assertThat(violations()).anyMatch(line -> line.startsWith("real time:"));
    }

    @Test
    void the_conditions_of_an_accepted_append_held() {
        acknowledge(A, 1, new AppendCondition.StreamAt(A, 1));
        acknowledge(A, 1, new AppendCondition.StreamExists(StreamId.of("thing-c")));
        acknowledge(A, 1, new AppendCondition.NothingSince(Query.stream(A), 5));
        assertThat(violations()).hasSize(3).allMatch(line -> line.startsWith("condition:"));
    }

    @Test
    void a_conflict_knows_of_what_was_acknowledged() {
        StoreException.Conflict stale = new StoreException.Conflict(new AppendCondition.StreamAt(B, 9), 2);
        history.add(new Operation.Refused(span(), append(B, List.of(event())), stale));
        assertThat(violations()).singleElement().asString().startsWith("conflict:");
    }

    @Test
    void a_read_returns_what_was_acknowledged_before_it() {
        history.add(new Operation.Read(span(), Query.all(), 1, Direction.FORWARDS, List.copyOf(log.subList(0, 4))));
        assertThat(violations()).singleElement().asString().isEqualTo("read: a read left out position 5");
    }

    @Test
    void what_was_read_stays_in_the_log() {
        RecordedEvent gone = new RecordedEvent(6, A, 3, Instant.EPOCH, event());
        List<RecordedEvent> seen = new ArrayList<>(log);
        seen.add(gone);
        history.add(new Operation.Read(span(), Query.all(), 1, Direction.FORWARDS, seen));
        assertThat(violations()).singleElement().asString().contains("returned position 6");
    }

    @Test
    void a_subscription_leaves_nothing_out_and_returns_nothing_twice() {
        history.add(new Operation.Followed(Query.all(), 0, List.of(log.get(0), log.get(2))));
        history.add(new Operation.Followed(Query.all(), 0, List.of(log.get(0), log.get(1), log.get(1))));
        history.add(new Operation.Followed(Query.all(), 0, List.of(log.get(1), log.get(0))));
        assertThat(violations()).hasSize(3).first().isEqualTo("subscription: a subscription left out position 2");
    }

    private List<String> violations() {
        return ConsistencyChecker.violations(history, log);
    }

    private void acknowledge(StreamId stream, int count, AppendCondition condition) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event());
            record(stream, events.getLast());
        }
        StreamVersion version = new StreamVersion(stream, of(stream).size());
        Append append = new Append(List.of(new StreamWrite(stream, events)), List.of(condition));
        history.add(new Operation.Appended(span(), append, new AppendResult(log.size(), List.of(version), false)));
    }

    private void record(StreamId stream, Event event) {
        log.add(new RecordedEvent(log.size() + 1L, stream, of(stream).size() + 1L, Instant.EPOCH, event));
    }

    private List<RecordedEvent> of(StreamId stream) {
        return log.stream().filter(event -> event.stream().equals(stream)).toList();
    }

    private Operation.Span span() {
        return new Operation.Span(now++, now++);
    }

    private static Append append(StreamId stream, List<Event> events) {
        return new Append(List.of(new StreamWrite(stream, events)), List.of());
    }

    private static Event event() {
        return Event.of("Happened", Data.json("{}"));
    }

    private static StoreException unavailable() {
        return new StoreException.Unavailable("no luck", null);
    }
}
