// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import leftfold.store.HeadSignal;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Commits groups of appends at the tail of the log, and answers each append. Confined to the writer.
 *
 * <p>After a write or sync has failed nobody knows what is on the disk, and asking the disk again can lie (a second
 * fsync may report success for pages that were dropped), so every later append is refused with the first cause.
 */
final class Committer implements Group.Room, Closeable {
    private static final System.Logger LOGGER = System.getLogger(Committer.class.getName());

    private final FrameBuffer buffer = new FrameBuffer();
    private final LogIndex index;
    private final Tail tail;
    private final HeadSignal signal;
    private final InstantSource clock;
    private final Indexer indexer;
    private long lastRecordedMicros;
    private @Nullable Throwable broken;

    /** Adds what else is there to a group. */
    interface Filler {
        void fill(Group group) throws IOException;
    }

    /** Goes on at {@code tail}, behind what {@code index} holds. */
    Committer(LogIndex index, Tail tail, HeadSignal signal, InstantSource clock, Indexer indexer) {
        this.index = index;
        this.tail = tail;
        this.signal = signal;
        this.clock = clock;
        this.indexer = indexer;
        long head = index.head();
        this.lastRecordedMicros =
                head == 0 ? Long.MIN_VALUE : micros(index.segment(head).recordedAt(head));
    }

    /** Returns whether {@code pending} can be committed without another segment. */
    boolean hasRoom(PendingAppend pending) {
        return broken == null
                && tail.hasRoom(Frame.HEADER_BYTES + pending.records().limit());
    }

    /**
     * Commits {@code taken}, which has one append, and those that {@code filler} adds to the group and to it; answers
     * all of them, whatever goes wrong: nobody may wait for ever.
     */
    void settle(List<PendingAppend> taken, Filler filler) {
        Group group = null;
        try {
            if (broken != null) {
                failAll(taken, Committer::refusal, broken);
            } else {
                group = new Group(index, buffer, this, nowMicros());
                group.add(taken.getFirst());
                filler.fill(group);
                commit(group);
            }
        } catch (Throwable e) {
            fail(e);
            if (group != null) {
                group.answerRefused();
            }
            failAll(taken, Committer::unknown, e);
        }
    }

    /** Commits and answers what was taken to be restored. */
    void settle(PendingRestore pending) {
        try {
            if (broken != null) {
                throw refusal(broken);
            }
            RestoredGroup restored = new RestoredGroup(index, buffer, this, pending.events());
            restored.add(lastRecordedAt());
            write(restored.firstPosition(), restored.events(), restored.recordedMicros());
            pending.result().complete(null);
        } catch (StoreException e) {
            pending.result().completeExceptionally(e);
        } catch (NoRoomException e) {
            pending.result().completeExceptionally(e.refusal());
        } catch (Throwable e) {
            fail(e);
            pending.result().completeExceptionally(unknown(e));
        }
    }

    private void commit(Group group) throws IOException {
        if (group.events() > 0) {
            write(group.firstPosition(), group.events(), group.recordedMicros());
        }
        group.answer();
    }

    /** Writes what is in buffer and index, and lets readers see it once it is durable. */
    private void write(long firstPosition, int events, long recordedMicros) throws IOException {
        tail.write(buffer, firstPosition, events);
        index.active().publish();
        lastRecordedMicros = recordedMicros;
        signal.advance(index.head());
    }

    @Override
    public int offset(int length) {
        return tail.hasRoom(length) ? tail.end() : -1;
    }

    @Override
    public void roll(int length, long position) throws IOException {
        indexer.awaitRoom();
        Tail.Next next;
        try {
            next = tail.prepareNext(length, position);
        } catch (IOException e) {
            throw new NoRoomException(e);
        }
        tail.switchTo(next);
        index.begin(tail.segment());
        indexer.wake();
    }

    @Override
    public void close() throws IOException {
        tail.close();
    }

    private Instant lastRecordedAt() {
        return lastRecordedMicros == Long.MIN_VALUE
                ? Instant.MIN
                : Instant.EPOCH.plus(lastRecordedMicros, ChronoUnit.MICROS);
    }

    private void fail(Throwable cause) {
        broken = cause;
        LOGGER.log(Level.ERROR, "log writer stopped after a failed write: cause={0}", cause.toString());
    }

    /** Fails those that have no answer yet, each with an exception of its own: it becomes its caller's. */
    private static void failAll(
            List<PendingAppend> taken, Function<Throwable, StoreException> failure, Throwable cause) {
        taken.forEach(pending -> pending.result().completeExceptionally(failure.apply(cause)));
    }

    private static StoreException unknown(Throwable cause) {
        return new StoreException.OutcomeUnknown(
                "writing the log failed (" + cause.getMessage()
                        + "); whether the append was stored is not known: close the store, open it and ask again",
                cause);
    }

    private static StoreException refusal(Throwable cause) {
        return new StoreException.Unavailable(
                "an earlier write failed (" + cause.getMessage() + "); close and open the store again", cause);
    }

    private long nowMicros() {
        return Math.max(lastRecordedMicros, micros(clock.instant()));
    }

    /** Returns the whole microseconds from 1970 to {@code instant}. */
    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant.truncatedTo(ChronoUnit.MICROS));
    }

    /** The next segment could not be made; the log is as before. */
    static final class NoRoomException extends IOException {
        private final IOException reason;

        NoRoomException(IOException reason) {
            super(reason);
            this.reason = reason;
        }

        /** Returns what the caller of the append is told. */
        StoreException refusal() {
            String cause = " the next segment (" + reason.getMessage() + "); nothing was written; ";
            String told = "the disk failed to make" + cause + "check the disk";
            if (reason instanceof AccessDeniedException) {
                told = "no permission to make" + cause + "check who may write there";
            } else if (StoreFolder.isFull(reason)) {
                told = "no room for" + cause + "free space on its disk";
            }
            return new StoreException.Unavailable(told + " and append again", reason);
        }
    }
}
