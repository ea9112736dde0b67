// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.UUID;

/**
 * An event of the workload that peers run.
 *
 * @param stream its stream's number
 * @param version its place in the stream, from 1; the stream is expected to end right before it
 * @param id at random
 * @param data 200 bytes, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // most peers take and give arrays
public record PeerEvent(long stream, int version, UUID id, byte[] data) {
    /** The type of every event. */
    public static final String TYPE = "Deposited";
}
