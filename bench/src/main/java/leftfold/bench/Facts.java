// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.Tag;

/** Makes the events of every case: 200 bytes of JSON each, never twice the same. Confined to one thread. */
final class Facts {
    static final int DATA_BYTES = 200;

    private final SplittableRandom random;
    private long made;

    Facts(long seed) {
        this.random = new SplittableRandom(seed);
    }

    Event event(Set<Tag> tags) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Data data = Data.of(json(id), Data.JSON);
        return new Event(id, made % 2 == 0 ? "Deposited" : "Withdrawn", 1, data, Metadata.none(), tags);
    }

    /** Returns an event of the workload that peers run. */
    PeerEvent peerEvent(long stream, int version) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        return new PeerEvent(stream, version, id, json(id));
    }

    private byte[] json(UUID id) {
        made++;
        StringBuilder json = new StringBuilder(DATA_BYTES);
        json.append("{\"amount\":")
                .append(made % 10_000)
                .append(",\"reference\":\"")
                .append(id)
                .append("\",\"text\":\"");
        while (json.length() < DATA_BYTES - 2) {
            json.append((char) ('a' + (json.length() + made) % 26));
        }
        return json.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
