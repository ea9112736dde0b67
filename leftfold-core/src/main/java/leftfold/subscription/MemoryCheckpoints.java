// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Checkpoints in this process's memory; none survives it. Safe for use by many threads. */
public final class MemoryCheckpoints implements Checkpoints {
    private final ConcurrentMap<String, Checkpoint> checkpoints = new ConcurrentHashMap<>();

    /** Creates a place without checkpoints. */
    public MemoryCheckpoints() {}

    @Override
    public Checkpoint load(String follower, UUID log) {
        return current(follower, log, checkpoints.get(follower));
    }

    @Override
    public Checkpoint move(Checkpoint from, long position) {
        Checkpoint to = from.at(position);
        checkpoints.compute(from.follower(), (follower, found) -> {
            long current = current(follower, from.log(), found).position();
            if (current != from.position()) {
                throw new CheckpointException.Moved(follower, from.position(), current);
            }
            return to;
        });
        return to;
    }

    private static Checkpoint current(String follower, UUID log, @Nullable Checkpoint found) {
        if (found == null) {
            return new Checkpoint(follower, log, 0);
        }
        if (!found.log().equals(log)) {
            throw new CheckpointException.OtherLog(follower, log, found.log());
        }
        return found;
    }
}
