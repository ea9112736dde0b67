// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.Event;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/**
 * Appends that may go to the database together, because what each of them asks for does not depend on another one of
 * them: the database decides them all by the log as it stood before. Who comes to one stream later stays later.
 * Confined to one thread.
 */
final class Group {
    private static final int EVENTS_MAX = 8_192;
    private static final long BYTES_MAX = 8 << 20;

    private final List<Append> appends = new ArrayList<>();
    private final Map<StreamId, List<StreamWrite>> writes = new HashMap<>();
    private final Set<StreamId> waiting = new HashSet<>(); // streams of appends that were put off
    private int events;
    private long bytes;

    /** Returns whether {@code append} is in; otherwise it is to go with a later group. */
    boolean add(Append append) {
        if (!isFree(append) || !fits(append)) {
            append.writes().forEach(write -> waiting.add(write.stream()));
            return false;
        }
        appends.add(append);
        for (StreamWrite write : append.writes()) {
            writes.computeIfAbsent(write.stream(), stream -> new ArrayList<>()).add(write);
        }
        return true;
    }

    /** Returns whether no more will be taken. */
    boolean isFull() {
        return events >= EVENTS_MAX || bytes >= BYTES_MAX;
    }

    private boolean fits(Append append) {
        int moreEvents = append.size();
        long moreBytes = 0;
        for (StreamWrite write : append.writes()) {
            for (Event event : write.events()) {
                moreBytes += event.data().size();
            }
        }
        if (!appends.isEmpty() && (events + moreEvents > EVENTS_MAX || bytes + moreBytes > BYTES_MAX)) {
            events = EVENTS_MAX; // nothing overtakes a large one
            return false;
        }
        events += moreEvents;
        bytes += moreBytes;
        return true;
    }

    private boolean isFree(Append append) {
        for (StreamWrite write : append.writes()) {
            if (waiting.contains(write.stream()) || repeats(write)) {
                return false;
            }
        }
        for (AppendCondition condition : append.conditions()) {
            boolean free = switch (condition) {
                case AppendCondition.StreamAt at -> isUntouched(at.stream());
                case AppendCondition.StreamExists exists -> isUntouched(exists.stream());
                case AppendCondition.NothingSince since -> !matches(since);
            };
            if (!free) {
                return false;
            }
        }
        return true;
    }

    private boolean isUntouched(StreamId stream) {
        return !writes.containsKey(stream) && !waiting.contains(stream);
    }

    /** Returns whether an event of {@code write} is in the group already. */
    private boolean repeats(StreamWrite write) {
        List<StreamWrite> earlier = writes.get(write.stream());
        if (earlier == null) {
            return false;
        }
        Set<UUID> ids = new HashSet<>();
        write.events().forEach(event -> ids.add(event.id()));
        return earlier.stream().anyMatch(one -> one.events().stream().anyMatch(event -> ids.contains(event.id())));
    }

    private boolean matches(AppendCondition.NothingSince since) {
        return writes.entrySet().stream()
                .anyMatch(stream -> stream.getValue().stream()
                        .anyMatch(write -> write.events().stream()
                                .anyMatch(event -> since.query().matches(stream.getKey(), event))));
    }
}
