// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Metadata;

/**
 * A message for the world outside. Immutable; headers keep their order.
 *
 * @param id what its receiver knows a repetition by
 * @param key messages of one key are delivered in the order of their commits; as a rule the id of what it is about
 * @param type what it says, such as {@code PriceChanged}
 * @param data its content
 * @param headers anything else
 */
public record OutboxMessage(UUID id, String key, String type, Data data, Map<String, String> headers) {
    /** The longest key, in bytes of UTF-8. */
    public static final int KEY_BYTES_MAX = 1_024;

    /**
     * Copies the headers and checks the sizes, which are those of events: see {@link leftfold.store.Limits}.
     *
     * @throws IllegalArgumentException if the key is empty or longer than {@link #KEY_BYTES_MAX}, a text is not well
     *     formed, or something is too large
     */
    public OutboxMessage {
        checkKey(key);
        // What an event may be called and carry is what a message may.
        Event same = new Event(id, type, 1, data, new Metadata(null, null, null, null, headers), Set.of());
        headers = same.metadata().headers();
    }

    /** Returns a message with a random id and no headers. */
    public static OutboxMessage of(String key, String type, Data data) {
        return new OutboxMessage(UUID.randomUUID(), key, type, data, Map.of());
    }

    /** Returns the same with this id: one that follows from what is published makes a repetition harmless. */
    public OutboxMessage withId(UUID other) {
        return new OutboxMessage(other, key, type, data, headers);
    }

    /** Returns the same with these headers. */
    public OutboxMessage withHeaders(Map<String, String> others) {
        return new OutboxMessage(id, key, type, data, others);
    }

    private static void checkKey(String key) {
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > KEY_BYTES_MAX) {
            throw new IllegalArgumentException("a key is 1 to " + KEY_BYTES_MAX + " bytes long in UTF-8, not " + bytes);
        }
        if (key.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
            throw new IllegalArgumentException("a key has no NUL character and no unpaired surrogate");
        }
    }
}
