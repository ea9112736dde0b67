// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Whether a log accepts events of another one, as one decision that every {@link RestorableStore} in this process
 * shares. For implementers. A store that decides elsewhere, such as in its database, must decide the same.
 */
public final class RestoreRules {
    private static final int MICRO_NANOS = 1_000;
    private static final long SECONDS_MAX = Long.MAX_VALUE / 1_000_000 - 1; // microseconds since 1970 are a long

    private RestoreRules() {}

    /**
     * Returns a copy of {@code events} if they fit together, whatever the log holds: at the door, before a writer sees
     * them.
     *
     * @throws IllegalArgumentException if there are none or too many, a position, version or time does not follow from
     *     the one before, an id stands twice in one stream, or a time is not in whole microseconds
     */
    public static List<RecordedEvent> checked(List<RecordedEvent> events) {
        List<RecordedEvent> copy = List.copyOf(events);
        if (copy.isEmpty() || copy.size() > Limits.APPEND_EVENTS_MAX) {
            throw new IllegalArgumentException(
                    copy.size() + " events to restore at once; give 1 to " + Limits.APPEND_EVENTS_MAX);
        }
        Map<StreamId, Run> runs = HashMap.newHashMap(copy.size());
        RecordedEvent before = null;
        long bytes = 0;
        for (RecordedEvent event : copy) {
            checkTime(event);
            if (before != null) {
                checkFollows(before, event);
            }
            Run run = runs.computeIfAbsent(event.stream(), stream -> new Run(event.version()));
            if (event.version() != run.next || event.version() < 1) {
                throw mismatch(event, "version " + event.version() + " of its stream, not " + Math.max(1, run.next));
            }
            run.next++;
            if (!run.ids.add(event.id())) {
                throw mismatch(event, "an id that its stream already has, " + event.id());
            }
            bytes += event.event().size();
            before = event;
        }
        if (bytes > Limits.APPEND_BYTES_MAX) {
            throw new IllegalArgumentException(bytes
                    + " bytes of data, metadata and tags to restore at once; the limit is " + Limits.APPEND_BYTES_MAX);
        }
        return copy;
    }

    /**
     * Refuses events that do not go on where the log ends.
     *
     * @param events checked by {@link #checked}
     * @param head the position of the log's last event; 0 if there is none
     * @param recordedAt when that was recorded; {@link Instant#MIN} if there is none
     * @param view the log; asked for versions only
     * @throws StoreException.DoesNotFit if a position, version or time does not follow, or an id is already there
     */
    public static void check(List<RecordedEvent> events, long head, Instant recordedAt, AppendRules.View view) {
        RecordedEvent first = events.getFirst();
        if (first.position() != head + 1) {
            throw new StoreException.DoesNotFit(
                    first, "the log ends at position " + head + "; restore what follows, and append nothing meanwhile");
        }
        if (first.recordedAt().isBefore(recordedAt)) {
            throw new StoreException.DoesNotFit(
                    first, "it was recorded at " + first.recordedAt() + ", and the log's last event at " + recordedAt);
        }
        Map<StreamId, Long> versions = HashMap.newHashMap(events.size());
        for (RecordedEvent event : events) {
            Long known = versions.get(event.stream());
            if (known == null) {
                known = view.streamVersion(event.stream());
                versions.put(event.stream(), known);
                if (event.version() != known + 1) {
                    throw new StoreException.DoesNotFit(event, "its stream is at version " + known);
                }
            }
            long taken = known == 0 ? 0 : view.versionOf(event.stream(), event.id());
            if (taken > 0) {
                throw new StoreException.DoesNotFit(
                        event, "its stream has an event with id " + event.id() + " at version " + taken);
            }
        }
    }

    private static void checkTime(RecordedEvent event) {
        Instant time = event.recordedAt();
        if (time.getNano() % MICRO_NANOS != 0 || Math.abs(time.getEpochSecond()) > SECONDS_MAX) {
            throw mismatch(event, "a time that is not in whole microseconds within 292,000 years, " + time);
        }
    }

    private static void checkFollows(RecordedEvent before, RecordedEvent event) {
        if (event.position() != before.position() + 1) {
            throw mismatch(event, "position " + before.position() + " before it");
        }
        if (event.recordedAt().isBefore(before.recordedAt())) {
            throw mismatch(
                    event,
                    "a time before that of the event before it, " + event.recordedAt() + " after "
                            + before.recordedAt());
        }
    }

    private static IllegalArgumentException mismatch(RecordedEvent event, String found) {
        return new IllegalArgumentException("the event at position " + event.position() + " to restore has " + found);
    }

    /** What was seen of one stream. */
    private static final class Run {
        private final Set<UUID> ids = new HashSet<>();
        private long next;

        Run(long first) {
            next = first;
        }
    }
}
