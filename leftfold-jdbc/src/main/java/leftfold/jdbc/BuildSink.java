// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leftfold.jdbc.BuildRow.Mark;
import leftfold.jdbc.ProjectionStatus.Failure;
import leftfold.jdbc.ProjectionStatus.State;
import leftfold.projection.FailurePolicy;
import leftfold.store.Batch;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.subscription.CheckpointException;
import leftfold.subscription.FollowerStatus;
import leftfold.subscription.HandlerException;
import leftfold.subscription.Sink;
import leftfold.subscription.SinkUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Takes events into a build: what a batch changes and its checkpoint are one transaction, so each event has its effect
 * exactly once. Holds one connection, a new one after each failure. Confined to the follower's thread.
 *
 * <p>Every transaction begins with a write. One that began with a read could find, when it comes to write, that another
 * projection has committed in between, which SQLite refuses without waiting.
 */
final class BuildSink implements Sink {
    private static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();

    /** Something done with the database. */
    private interface Step<T> {
        T run() throws Exception;
    }

    private final ReadTables tables;
    private final EventStore store;
    private final JdbcProjection declared;
    private final boolean rebuild;
    private final Lease lease;
    private final FoldThreads threads;
    private @Nullable Filling filling;
    private @Nullable Build begun;
    private @Nullable Connection connection;
    private volatile long position;
    private volatile boolean shown;
    private long lookedNanos;

    /** The build that is being filled. */
    private static final class Filling {
        private final BuildRow row;
        private final ReadModel model;
        private final Dialect dialect;
        private Mark mark;
        private State state;
        private boolean complete;

        Filling(BuildRow row, ReadModel model, Dialect dialect) {
            this.row = row;
            this.model = model;
            this.dialect = dialect;
            this.mark = row.mark();
            this.state = row.state();
        }

        Build build() {
            return row.build();
        }
    }

    BuildSink(ReadTables tables, EventStore store, JdbcProjection declared, boolean rebuild) {
        this.tables = tables;
        this.store = store;
        this.declared = declared;
        this.rebuild = rebuild;
        this.lease = tables.lease(() -> position);
        this.threads = new FoldThreads(declared.projection().threads());
    }

    /** Returns whether readers see the build that it fills. Safe for use by many threads. */
    boolean shown() {
        return shown;
    }

    @Override
    public long checkpoint() throws Exception {
        return guarded(() -> {
            drop();
            Connection open = open();
            tables.create(open);
            Dialect dialect = Dialect.of(open);
            BuildRow chosen = choose(open, dialect);
            checkSame(chosen);
            if (!chosen.build().equals(lease.held())) {
                release();
            }
            tables.heartbeat().remove(lease);
            lease.acquire(open, chosen.build());
            tables.heartbeat().add(lease, chosen.build());
            WantedTable.put(open, chosen.build(), declared.projection().query());
            BuildRow row = BuildTable.find(open, chosen.build()).orElseThrow();
            checkHistory(row);
            ReadModel model = ReadModel.of(declared, row.build(), dialect, threads);
            model.begin(row.mark().eventPosition() == 0);
            filling = new Filling(row, model, dialect);
            begun = row.build();
            position = row.mark().position();
            shown = row.state() == State.LIVE;
            showIfComplete(filling());
            return position;
        });
    }

    @Override
    public long limit() throws Exception {
        if (declared.projection().inputs().isEmpty()) {
            return Long.MAX_VALUE;
        }
        return guarded(() -> {
            long limit = Long.MAX_VALUE;
            for (String input : declared.projection().inputs()) {
                limit = Math.min(limit, tables.livePosition(open(), input));
            }
            return limit;
        });
    }

    @Override
    public void take(Batch batch) throws Exception {
        guarded(() -> {
            lease.check();
            Filling now = filling();
            now.model.prepare(open(), batch.events());
            Mark next = mark(
                    now.mark,
                    batch.position(),
                    batch.events().isEmpty() ? null : batch.events().getLast());
            inTransaction(open -> {
                BuildTable.move(open, now.build(), now.mark, next);
                now.model.write(open, batch.events());
            });
            advance(now, next);
            now.complete = batch.caughtUp();
            // Before the follower tells that it has got here: who waited for that is to see it.
            showIfComplete(now);
            return next;
        });
    }

    @Override
    public boolean park(HandlerException failure) throws Exception {
        if (declared.projection().failurePolicy() == FailurePolicy.STOP) {
            return false;
        }
        return guarded(() -> {
            Filling now = filling();
            Mark next = mark(now.mark, failure.event().position(), failure.event());
            inTransaction(open -> {
                BuildTable.move(open, now.build(), now.mark, next);
                DeadLetterTable.put(open, now.build(), failure.event(), cause(failure));
            });
            advance(now, next);
            return true;
        });
    }

    @Override
    public void betweenBatches() throws Exception {
        guarded(() -> {
            lease.check();
            Filling now = filling();
            showIfComplete(now);
            long nanos = System.nanoTime();
            if (nanos - lookedNanos > LOOK_NANOS) {
                lookedNanos = nanos;
                lookAround(now);
            }
            return now;
        });
    }

    @Override
    public void close() {
        threads.close();
        try {
            release();
        } catch (SQLException e) {
            // Whoever comes next waits until the lease has expired.
            drop();
        }
        drop();
    }

    /** Keeps why its follower stopped, for whoever asks the database. */
    void failed(FollowerStatus.State.Failed state) {
        Filling last = filling;
        if (last == null) {
            return; // what it did not get to fill is not for it to speak of
        }
        try (Connection open = tables.connect()) {
            Failure failure = new Failure(state.position(), state.eventId(), DeadLetterTable.oneLine(state.cause()));
            BuildTable.fail(open, last.build(), last.mark.epoch(), failure);
        } catch (SQLException e) {
            // The follower's own status and the log tell it.
            return;
        }
    }

    /** What it was in the middle of says nothing of another build, or of what another runner did in between. */
    private void checkSame(BuildRow chosen) throws SinkUnavailableException {
        Filling before = filling;
        if (before != null
                && !(chosen.build().equals(before.build()) && chosen.mark().epoch() == before.mark.epoch())) {
            filling = null;
            throw new SinkUnavailableException("readers of " + declared.id() + " have another build now", null);
        }
    }

    private BuildRow choose(Connection open, Dialect dialect) throws Exception {
        Build before = begun;
        if (rebuild && before != null) {
            return BuildTable.find(open, before)
                    .orElseThrow(
                            () -> new ReadModelException.NotThere(before.key() + " was dropped while it was built"));
        }
        return new BuildChoice(declared, rebuild, store.id()).choose(open, dialect);
    }

    /** A log that was restored from an older copy, and has grown on since, has other events where ours were. */
    private void checkHistory(BuildRow row) {
        Mark mark = row.mark();
        if (mark.eventPosition() == 0) {
            return;
        }
        Optional<RecordedEvent> there = event(mark.eventPosition());
        if (there.isPresent() && !there.get().id().equals(mark.eventId())) {
            throw new CheckpointException.OtherHistory(row.build().key(), mark.eventPosition());
        }
    }

    private Optional<RecordedEvent> event(long at) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), at, Direction.FORWARDS, 1)) {
            return events.filter(event -> event.position() == at).findFirst();
        }
    }

    private void showIfComplete(Filling now) throws Exception {
        if (isToBeShown(now) && Views.show(open(), now.dialect, at(now))) {
            now.state = State.LIVE;
            shown = true;
        }
    }

    /** Only a build that was never shown, and not one of a version that readers have left. */
    private boolean isToBeShown(Filling now) throws SQLException {
        return now.state == State.BUILDING
                && (now.complete || position >= store.head())
                && tables.liveVersion(open(), declared.id().name())
                        <= declared.id().projectionVersion();
    }

    private static BuildRow at(Filling now) {
        BuildRow row = now.row;
        return new BuildRow(
                row.build(), now.state, row.shown(), row.fingerprint(), row.views(), row.inputs(), now.mark, null);
    }

    /** Goes over to another build if readers did, and tries dead letters again. */
    private void lookAround(Filling now) throws Exception {
        BuildRow row = BuildTable.find(open(), now.build())
                .orElseThrow(() -> new ReadModelException.NotThere(now.build().key() + " was dropped"));
        if (row.mark().epoch() != now.mark.epoch()) {
            throw new SinkUnavailableException("readers of " + declared.id() + " have another build now", null);
        }
        now.state = row.state();
        for (long at : DeadLetterTable.retrying(open(), now.build())) {
            retry(now, event(at).orElseThrow());
        }
    }

    private void retry(Filling now, RecordedEvent event) throws Exception {
        List<RecordedEvent> events = List.of(event);
        try {
            now.model.prepare(open(), events);
            inTransaction(open -> {
                BuildTable.move(open, now.build(), now.mark, now.mark);
                if (DeadLetterTable.remove(open, now.build(), event.position())) {
                    now.model.write(open, events);
                }
            });
        } catch (HandlerException e) {
            now.model.begin(false);
            DeadLetterTable.put(open(), now.build(), event, cause(e));
        }
    }

    private static Mark mark(Mark before, long position, @Nullable RecordedEvent last) {
        return last == null
                ? new Mark(before.log(), position, before.epoch(), before.eventPosition(), before.eventId())
                : new Mark(before.log(), position, before.epoch(), last.position(), last.id());
    }

    private void advance(Filling now, Mark next) {
        now.mark = next;
        position = next.position();
    }

    private Filling filling() {
        Filling now = filling;
        if (now == null) {
            throw new AssertionError("asked to take events before its checkpoint was asked for");
        }
        return now;
    }

    private interface Work {
        void run(Connection open) throws Exception;
    }

    private void inTransaction(Work work) throws Exception {
        Connection open = open();
        boolean done = false;
        try {
            Sql.inTransaction(open, () -> work.run(open));
            done = true;
        } finally {
            if (!done) {
                drop();
            }
        }
    }

    /** Does {@code step}; a database that is away now is told from one that will never do it. */
    private static <T> T guarded(Step<T> step) throws Exception {
        try {
            return step.run();
        } catch (SQLException | DatabaseException e) {
            if (Dialect.isTransient(e)) {
                throw new SinkUnavailableException("the read database: " + DeadLetterTable.oneLine(e), e);
            }
            throw e;
        }
    }

    private void release() throws SQLException {
        tables.heartbeat().remove(lease);
        if (lease.held() != null) {
            lease.release(open());
        }
    }

    private Connection open() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = tables.connect();
            connection = open;
        }
        return open;
    }

    private void drop() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            Sql.rollBackQuietly(open);
            Sql.closeQuietly(open);
        }
    }

    private static Throwable cause(HandlerException e) {
        Throwable cause = e.getCause();
        return cause == null ? e : cause;
    }
}
