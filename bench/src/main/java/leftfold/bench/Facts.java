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

    private static final String BEFORE_AMOUNT = "{\"amount\":";
    private static final int AMOUNT_DIGITS = 4;
    private static final int AMOUNT_MIN = 1_000;
    private static final String BEFORE_REFERENCE = ",\"reference\":\"";
    private static final int REFERENCE_AT = BEFORE_AMOUNT.length() + AMOUNT_DIGITS + BEFORE_REFERENCE.length();
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[][] TEXTS = texts();

    private final SplittableRandom random;
    private long made;

    Facts(long seed) {
        this.random = new SplittableRandom(seed);
    }

    Event event(Set<Tag> tags) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        byte[] json = json(id);
        Data data = Data.wrap(json, 0, json.length, Data.JSON);
        return new Event(id, made % 2 == 0 ? "Deposited" : "Withdrawn", 1, data, Metadata.none(), tags);
    }

    /** Returns an event of the workload that peers run. */
    PeerEvent peerEvent(long stream, int version) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        return new PeerEvent(stream, version, id, json(id));
    }

    /** Fills in a text made before: what it takes to make events is not what is measured, and shares its cores. */
    private byte[] json(UUID id) {
        made++;
        byte[] json = TEXTS[(int) (made % TEXTS.length)].clone();
        int amount = AMOUNT_MIN + (int) (made % (9 * AMOUNT_MIN));
        for (int at = BEFORE_AMOUNT.length() + AMOUNT_DIGITS - 1; amount > 0; at--) {
            json[at] = (byte) ('0' + amount % 10);
            amount /= 10;
        }
        long reference = id.getMostSignificantBits() ^ id.getLeastSignificantBits();
        for (int at = REFERENCE_AT; at < REFERENCE_AT + 16; at++) {
            json[at] = HEX[(int) (reference >>> 60)];
            reference <<= 4;
        }
        return json;
    }

    private static byte[][] texts() {
        byte[][] texts = new byte[26][];
        for (int i = 0; i < texts.length; i++) {
            StringBuilder json = new StringBuilder(DATA_BYTES)
                    .append(BEFORE_AMOUNT)
                    .append("0".repeat(AMOUNT_DIGITS))
                    .append(BEFORE_REFERENCE)
                    .append("0".repeat(16))
                    .append("\",\"text\":\"");
            while (json.length() < DATA_BYTES - 2) {
                json.append((char) ('a' + (json.length() + i) % 26));
            }
            texts[i] = json.append("\"}").toString().getBytes(StandardCharsets.US_ASCII);
        }
        return texts;
    }
}
