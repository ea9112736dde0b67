// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import java.util.UUID;
import leftfold.store.Batch;
import leftfold.store.RecordedEvent;

/**
 * Gives events to a handler one by one and saves the checkpoint after the last one that it handled: at least once, for
 * a crash between the two repeats events. Confined to the follower's thread.
 */
final class HandlerSink implements Sink {
    private final Checkpoints checkpoints;
    private final EventHandler handler;
    private Checkpoint checkpoint;

    HandlerSink(String follower, UUID log, Checkpoints checkpoints, EventHandler handler) {
        this.checkpoints = checkpoints;
        this.handler = handler;
        this.checkpoint = new Checkpoint(follower, log, 0);
    }

    @Override
    public long checkpoint() {
        checkpoint = checkpoints.load(checkpoint.follower(), checkpoint.log());
        return checkpoint.position();
    }

    @Override
    public void take(Batch batch) throws HandlerException {
        long handled = checkpoint.position();
        for (RecordedEvent event : batch.events()) {
            try {
                handler.handle(event);
            } catch (Exception e) {
                save(handled);
                throw new HandlerException(event, e);
            }
            handled = event.position();
        }
        save(batch.position());
    }

    private void save(long position) {
        if (position > checkpoint.position()) {
            checkpoint = checkpoints.move(checkpoint, position);
        }
    }
}
