// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;

/**
 * Appends of one writer: 200 bytes of JSON an event, spread at random over streams of its own, each with the version
 * that the stream must be at. Confined to one thread.
 */
final class Workload {
    /** Every so many events one carries the tag that the query case looks for. */
    static final int RARE = 10_000;

    static final Tag RARE_TAG = Tag.of("rare", "yes");

    private static final int DATA_BYTES = 200;

    private final SplittableRandom random;
    private final String prefix;
    private final int[] versions;
    private long made;

    Workload(int writer, int streams) {
        this.random = new SplittableRandom(writer);
        this.prefix = writer + "-";
        this.versions = new int[streams];
    }

    /** Returns an append of {@code events} events to one stream. */
    Append next(int events) {
        int ordinal = random.nextInt(versions.length);
        List<Event> list = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            list.add(event());
        }
        StreamId stream = stream(ordinal);
        int version = versions[ordinal];
        versions[ordinal] += events;
        return new Append(
                List.of(new StreamWrite(stream, list)), List.of(new AppendCondition.StreamAt(stream, version)));
    }

    StreamId stream(int ordinal) {
        return StreamId.of("account", prefix + ordinal);
    }

    private Event event() {
        made++;
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Set<Tag> tags = made % RARE == 0 ? Set.of(RARE_TAG) : Set.of();
        return new Event(id, made % 2 == 0 ? "Deposited" : "Withdrawn", 1, data(id), Metadata.none(), tags);
    }

    private Data data(UUID id) {
        StringBuilder json = new StringBuilder(DATA_BYTES);
        json.append("{\"amount\":")
                .append(made % 10_000)
                .append(",\"reference\":\"")
                .append(id)
                .append("\",\"text\":\"");
        while (json.length() < DATA_BYTES - 2) {
            json.append((char) ('a' + (json.length() + made) % 26));
        }
        return Data.of(json.append("\"}").toString().getBytes(StandardCharsets.UTF_8), Data.JSON);
    }
}
