// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether a log accepts an append, as one decision that every store in this process shares. For implementers. A store
 * that decides elsewhere, such as in its database, must decide the same.
 */
public final class AppendRules {
    /** What a decision needs to know of the log, including what is accepted but not yet written. */
    public interface View {
        /** Returns the stream's version; 0 if it does not exist. */
        long streamVersion(StreamId stream);

        /** Returns the version of the event with this id in the stream; 0 if it is not there. */
        long versionOf(StreamId stream, UUID id);

        /** Returns the position of the event of {@code stream} at {@code version}, which exists. */
        long positionOf(StreamId stream, long version);

        /** Returns the position of the first event after {@code position} that matches; 0 if there is none. */
        long firstMatch(Query query, long position);
    }

    private AppendRules() {}

    /**
     * Returns the first outcome if {@code append} repeats an earlier one, or null if it is to be written now.
     *
     * @throws StoreException.Conflict if a condition does not hold
     * @throws StoreException.EventIdConflict if some ids are already in their stream, but not as the same events
     */
    public static @Nullable AppendResult decide(Append append, View view) {
        List<StreamVersion> earlier = new ArrayList<>();
        for (StreamWrite write : append.writes()) {
            long last = repeatedUpTo(write, view);
            if (last > 0) {
                earlier.add(new StreamVersion(write.stream(), last));
            }
        }
        if (earlier.isEmpty()) {
            for (AppendCondition condition : append.conditions()) {
                check(condition, view);
            }
            return null;
        }
        if (earlier.size() < append.writes().size()) {
            throw partlyRepeated(append, view);
        }
        checkSameVersions(append, earlier, view);
        long position = 0;
        for (StreamVersion last : earlier) {
            position = Math.max(position, view.positionOf(last.stream(), last.version()));
        }
        return new AppendResult(position, earlier, true);
    }

    /** Returns the version of the write's last event if its stream has exactly these events; 0 if it has none. */
    private static long repeatedUpTo(StreamWrite write, View view) {
        if (view.streamVersion(write.stream()) == 0) {
            return 0;
        }
        long first = view.versionOf(write.stream(), write.events().getFirst().id());
        for (int i = 1; i < write.events().size(); i++) {
            UUID id = write.events().get(i).id();
            long version = view.versionOf(write.stream(), id);
            if (version != (first == 0 ? 0 : first + i)) {
                throw version > 0
                        ? new StoreException.EventIdConflict(write.stream(), id, version)
                        : firstIdConflict(write, first);
            }
        }
        return first == 0 ? 0 : first + write.events().size() - 1;
    }

    private static StoreException firstIdConflict(StreamWrite write, long version) {
        return new StoreException.EventIdConflict(
                write.stream(), write.events().getFirst().id(), version);
    }

    private static StoreException partlyRepeated(Append append, View view) {
        for (StreamWrite write : append.writes()) {
            long version =
                    view.versionOf(write.stream(), write.events().getFirst().id());
            if (version > 0) {
                return firstIdConflict(write, version);
            }
        }
        throw new AssertionError("no write of the append is a repeat");
    }

    private static void checkSameVersions(Append append, List<StreamVersion> earlier, View view) {
        for (AppendCondition condition : append.conditions()) {
            if (!(condition instanceof AppendCondition.StreamAt at)) {
                continue;
            }
            for (int i = 0; i < earlier.size(); i++) {
                StreamWrite write = append.writes().get(i);
                long before = earlier.get(i).version() - write.events().size();
                if (write.stream().equals(at.stream()) && before != at.version()) {
                    throw new StoreException.Conflict(at, view.streamVersion(at.stream()));
                }
            }
        }
    }

    private static void check(AppendCondition condition, View view) {
        switch (condition) {
            case AppendCondition.StreamAt(StreamId stream, long version) -> {
                long found = view.streamVersion(stream);
                if (found != version) {
                    throw new StoreException.Conflict(condition, found);
                }
            }
            case AppendCondition.StreamExists(StreamId stream) -> {
                if (view.streamVersion(stream) == 0) {
                    throw new StoreException.Conflict(condition, 0);
                }
            }
            case AppendCondition.NothingSince(Query query, long position) -> {
                long found = view.firstMatch(query, position);
                if (found > 0) {
                    throw new StoreException.Conflict(condition, found);
                }
            }
        }
    }
}
