// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import org.jspecify.annotations.Nullable;

/**
 * Judges what many clients asked of a log and were told, against the log as it is in the end. Since every append says
 * where it went, the order of events is known, and what must hold can be looked up rather than searched for:
 *
 * <ol>
 *   <li>every acknowledged append is in the log once, where it was said to be; a refused one is not; one of unknown
 *       outcome is there whole or not at all; nothing else is there;
 *   <li>positions have no gaps, nor have the versions of any stream; recorded times never go back;
 *   <li>an append acknowledged before another was invoked lies before it, and a later read returns it;
 *   <li>conditions of accepted appends held at their place in the log, and conflicts tell of versions that were there;
 *   <li>the events of an append lie together, in their order;
 *   <li>what a read or a subscription returned is a piece of the log without gaps, and stays there.
 * </ol>
 */
final class ConsistencyChecker {
    private final List<Operation> history;
    private final List<RecordedEvent> log;
    private final Map<StreamId, List<RecordedEvent>> streams = new HashMap<>();
    private final Map<UUID, Long> positions = new HashMap<>();
    private final Map<UUID, Integer> asked = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private List<Long> acknowledgedAt = List.of(); // when, ascending; and up to which position by then
    private List<Long> acknowledgedTo = List.of();

    private ConsistencyChecker(List<Operation> history, List<RecordedEvent> log) {
        this.history = history;
        this.log = log;
    }

    /** Returns what {@code history} and {@code log} violate, a line each; empty if they agree. */
    static List<String> violations(List<Operation> history, List<RecordedEvent> log) {
        return new ConsistencyChecker(history, log).run();
    }

    private List<String> run() {
        checkOrder();
        countAsked();
        orderAcknowledgements();
        for (RecordedEvent event : log) {
            if (!asked.containsKey(event.id())) {
                violation("phantom: nobody appended the event at position " + event.position());
            }
        }
        for (Operation operation : history) {
            switch (operation) {
                case Operation.Appended one -> appended(one);
                case Operation.Refused one -> refused(one);
                case Operation.Unknown one -> unknown(one);
                case Operation.Read one -> read(one);
                case Operation.Followed one -> followed(one);
            }
        }
        return violations;
    }

    private void violation(String what) {
        violations.add(what);
    }

    private void checkOrder() {
        RecordedEvent before = null;
        for (RecordedEvent event : log) {
            long expected = before == null ? 1 : before.position() + 1;
            if (event.position() != expected) {
                violation("order: position " + event.position() + " where " + expected + " is due");
            }
            if (before != null && event.recordedAt().isBefore(before.recordedAt())) {
                violation("order: the event at position " + event.position() + " was recorded before the one before");
            }
            List<RecordedEvent> stream = streams.computeIfAbsent(event.stream(), key -> new ArrayList<>());
            if (event.version() != stream.size() + 1) {
                violation("order: version " + event.version() + " of " + event.stream() + " where "
                        + (stream.size() + 1) + " is due");
            }
            stream.add(event);
            if (positions.put(event.id(), event.position()) != null) {
                violation("double: the event " + event.id() + " is in the log twice");
            }
            before = event;
        }
    }

    private void countAsked() {
        for (Operation operation : history) {
            if (operation instanceof Operation.Write write) {
                events(write).forEach(event -> asked.merge(event.id(), 1, Integer::sum));
            }
        }
    }

    private void orderAcknowledgements() {
        List<Operation.Appended> appended = history.stream()
                .filter(Operation.Appended.class::isInstance)
                .map(Operation.Appended.class::cast)
                .sorted(Comparator.comparingLong(one -> one.span().returned()))
                .toList();
        List<Long> at = new ArrayList<>();
        List<Long> to = new ArrayList<>();
        long last = 0;
        for (Operation.Appended one : appended) {
            last = Math.max(last, one.result().position());
            at.add(one.span().returned());
            to.add(last);
        }
        acknowledgedAt = at;
        acknowledgedTo = to;
    }

    /** Returns the last position of all appends that were acknowledged before {@code time}. */
    private long acknowledgedBefore(long time) {
        int low = 0;
        int high = acknowledgedAt.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (acknowledgedAt.get(middle) < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : acknowledgedTo.get(low - 1);
    }

    private void appended(Operation.Appended one) {
        long first = place(one);
        if (first == 0) {
            violation(
                    "lost: the append acknowledged at position " + one.result().position() + " is not in the log");
            return;
        }
        AppendResult result = one.result();
        if (first + one.append().size() - 1 != result.position()) {
            violation("result: an append was told position " + result.position() + ", and begins at " + first);
        }
        checkVersions(one);
        if (!result.repeated()) {
            checkAccepted(one, first);
        }
    }

    private void checkVersions(Operation.Appended one) {
        List<StreamVersion> told = one.result().versions();
        for (int i = 0; i < told.size(); i++) {
            StreamWrite write = one.append().writes().get(i);
            RecordedEvent last =
                    at(positions.getOrDefault(write.events().getLast().id(), 0L));
            if (last == null
                    || !told.get(i).stream().equals(write.stream())
                    || told.get(i).version() != last.version()) {
                violation("result: an append was told " + told.get(i) + ", but wrote " + last);
            }
        }
    }

    private boolean askedOnce(Event event) {
        return asked.getOrDefault(event.id(), 0) == 1;
    }

    private void refused(Operation.Refused one) {
        for (Event event : events(one)) {
            if (askedOnce(event) && positions.containsKey(event.id())) {
                violation("refused: an append that was refused is in the log at position " + positions.get(event.id()));
                return;
            }
        }
        if (one.reason() instanceof StoreException.Conflict conflict
                && conflict.condition() instanceof AppendCondition.StreamAt at) {
            long known = versionAt(at.stream(), acknowledgedBefore(one.span().invoked()));
            if (conflict.found() < known || conflict.found() == conflict.expected()) {
                violation("conflict: " + conflict.getMessage() + ", when it was known to be at " + known);
            }
        }
    }

    private void unknown(Operation.Unknown one) {
        long first = place(one);
        if (first > 0 && events(one).stream().allMatch(event -> askedOnce(event))) {
            checkAccepted(one, first);
        }
    }

    /** Checks an append's place: after what was acknowledged before it, and where its conditions held. */
    private void checkAccepted(Operation.Write one, long first) {
        long before = acknowledgedBefore(one.span().invoked());
        if (first <= before) {
            violation("real time: an append invoked after position " + before + " was acknowledged is at " + first);
        }
        for (AppendCondition condition : one.append().conditions()) {
            String broken = switch (condition) {
                case AppendCondition.StreamAt(StreamId stream, long version) ->
                    versionAt(stream, first - 1) == version ? "" : "the stream was at " + versionAt(stream, first - 1);
                case AppendCondition.StreamExists(StreamId stream) ->
                    versionAt(stream, first - 1) > 0 ? "" : "the stream did not exist";
                case AppendCondition.NothingSince(var query, long position) ->
                    log.subList((int) Math.min(position, first - 1), (int) first - 1).stream()
                            .filter(query::matches)
                            .findFirst()
                            .map(match -> "position " + match.position() + " matches")
                            .orElse("");
            };
            if (!broken.isEmpty()) {
                violation("condition: " + condition + " of the append at " + first + " did not hold: " + broken);
            }
        }
    }

    /** Returns where an append begins; 0 if it is not in the log. */
    private long place(Operation.Write one) {
        List<Event> events = events(one);
        long first = positions.getOrDefault(events.getFirst().id(), 0L);
        int present = 0;
        boolean together = true;
        for (int i = 0; i < events.size(); i++) {
            long position = positions.getOrDefault(events.get(i).id(), 0L);
            RecordedEvent found = at(position);
            if (found == null) {
                continue;
            }
            present++;
            together &= position == first + i;
            if (!found.event().equals(events.get(i))) {
                violation("changed: the event at position " + position + " is not what was appended");
            }
        }
        if (present > 0 && (present < events.size() || !together)) {
            violation("torn: " + present + " of an append's " + events.size() + " events are in the log, "
                    + (together ? "together" : "apart"));
        }
        checkStreams(one);
        return first;
    }

    private void checkStreams(Operation.Write one) {
        for (StreamWrite write : one.append().writes()) {
            for (Event event : write.events()) {
                RecordedEvent found = at(positions.getOrDefault(event.id(), 0L));
                if (found != null && !found.stream().equals(write.stream())) {
                    violation("changed: an event of " + write.stream() + " is in " + found.stream());
                }
            }
        }
    }

    private void read(Operation.Read one) {
        boolean forwards = one.direction() == Direction.FORWARDS;
        List<RecordedEvent> read = forwards ? one.events() : one.events().reversed();
        long from = forwards ? one.from() - 1 : 0;
        long known = acknowledgedBefore(one.span().invoked());
        long last = read.isEmpty() ? 0 : read.getLast().position();
        checkPiece("read", one.query()::matches, read, from, Math.max(known, last));
    }

    private void followed(Operation.Followed one) {
        long last = one.events().isEmpty() ? 0 : one.events().getLast().position();
        checkPiece("subscription", one.query()::matches, one.events(), one.after(), last);
    }

    private void checkPiece(
            String what,
            java.util.function.Predicate<RecordedEvent> matches,
            List<RecordedEvent> found,
            long after,
            long to) {
        int end = (int) Math.min(to, log.size());
        List<RecordedEvent> expected = log.subList((int) Math.min(after, end), end).stream()
                .filter(matches)
                .toList();
        if (expected.equals(found)) {
            return;
        }
        Set<RecordedEvent> seen = new HashSet<>(found);
        String how = found.stream()
                .filter(event -> !expected.contains(event))
                .findFirst()
                .map(event -> "returned position " + event.position() + ", which the log does not have so")
                .orElseGet(() -> expected.stream()
                        .filter(event -> !seen.contains(event))
                        .findFirst()
                        .map(event -> "left out position " + event.position())
                        .orElse("returned events twice or in another order"));
        violation(what + ": a " + what + " " + how);
    }

    private long versionAt(StreamId stream, long position) {
        List<RecordedEvent> events = streams.getOrDefault(stream, List.of());
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).position() <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private @Nullable RecordedEvent at(long position) {
        return position < 1 || position > log.size() ? null : log.get((int) position - 1);
    }

    private static List<Event> events(Operation.Write one) {
        return one.append().writes().stream()
                .flatMap(write -> write.events().stream())
                .toList();
    }
}
