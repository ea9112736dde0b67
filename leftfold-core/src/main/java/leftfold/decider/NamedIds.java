// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import leftfold.store.StreamId;

/**
 * Ids derived from other ids, so that doing a thing again gives the same ids: UUIDs of version 5 (RFC 9562), which
 * every language can compute.
 *
 * <p>For the command {@code 00000000-0000-4000-8000-000000000001} to the stream {@code order-123} the first two events
 * are {@code d01ae1d9-05ea-538e-96cc-68ca496b473b} and {@code b3d141ed-1890-5a90-a841-3dd9c31b4a8f}.
 */
public final class NamedIds {
    private NamedIds() {}

    /**
     * Returns the id of an event that a command led to: the version 5 UUID in the namespace {@code commandId} of the
     * name {@code index/stream}, such as {@code 0/order-123}.
     *
     * @param index the event's place among those of the command, from 0
     */
    public static UUID event(UUID commandId, StreamId stream, int index) {
        return named(commandId, index + "/" + stream.value());
    }

    /** Returns the version 5 UUID of {@code name}, in UTF-8, in {@code namespace}. */
    public static UUID named(UUID namespace, String name) {
        MessageDigest sha1 = sha1();
        sha1.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(namespace.getMostSignificantBits())
                .putLong(namespace.getLeastSignificantBits())
                .flip());
        ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
        long high = (hash.getLong() & ~0xF000L) | 0x5000L;
        long low = (hash.getLong() & ~0xC000_0000_0000_0000L) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }
}
