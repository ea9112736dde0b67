// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.EventStore;
import leftfold.store.HeadSignal;
import leftfold.store.Query;
import leftfold.store.ReadingSubscription;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.Subscription;

/**
 * A log in PostgreSQL, one for each schema of a database. Safe for use by many threads and many processes at once.
 *
 * <p>Positions are dense and in the order of commits: appends take a lock of the whole log, and those that wait go to
 * the database together in one call. A follower can therefore never pass an event that is committed late.
 */
public final class PostgresEventStore implements EventStore {
    private final UUID id;
    private final HeadSignal signal = new HeadSignal(0);
    private final Rows rows;
    private final LogView view;
    private final HeadWatch watch;
    private final GroupWriter writer;
    private final AutoCloseable pool;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PostgresEventStore(DataSource database, PostgresOptions options, AutoCloseable pool) {
        new Schema(database).upgrade();
        this.rows = new Rows(database);
        this.view = new LogView(rows);
        this.id = rows.find(row -> row.getObject(1, UUID.class), "SELECT id FROM leftfold_log", List.of())
                .getFirst();
        this.watch = new HeadWatch(database, signal, id);
        this.writer = new GroupWriter(new Appender(database, options, watch::committed));
        this.pool = pool;
    }

    /** Opens the log in the current schema of {@code database}, as {@link #open(DataSource, PostgresOptions)} does. */
    public static PostgresEventStore open(DataSource database) {
        return open(database, PostgresOptions.defaults());
    }

    /**
     * Opens the log in the current schema of {@code database}, creating its tables where there are none. The store
     * takes one connection for its appends, one for its followers, and one for each read under way; closing the store
     * gives them back and leaves {@code database} open.
     *
     * @throws StoreException.CannotOpen if there is no usable log and none can be made; nothing was changed
     */
    public static PostgresEventStore open(DataSource database, PostgresOptions options) {
        return new PostgresEventStore(database, options, () -> {});
    }

    /** Opens the log as above; closing the store closes {@code pool}. */
    static PostgresEventStore open(DataSource database, AutoCloseable pool) {
        return new PostgresEventStore(database, PostgresOptions.defaults(), pool);
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public AppendResult append(Append append) {
        signal.checkOpen();
        try {
            return writer.append(append).join();
        } catch (CompletionException e) {
            throw failure(e.getCause());
        }
    }

    /**
     * Appends as {@link #append(Append)} does, but returns before the events are durable, for pipelines that keep many
     * appends in flight. Appends of one thread to one stream keep their order. Waits only while thousands of appends
     * are in flight.
     *
     * @return completes once the events survive a crash, or with what {@code append} throws; what hangs on it runs on
     *     the writer's thread and holds up every append, so let it be short and never append, or use the
     *     {@code Async} methods
     */
    public CompletableFuture<AppendResult> appendAsync(Append append) {
        signal.checkOpen();
        return writer.submit(append);
    }

    @Override
    public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
        checkRange(from, limit);
        return Pages.stream(
                rows,
                PageSql.of(query, direction),
                direction,
                new Pages.Range(from, limit, RecordedEvent::position, view::head));
    }

    @Override
    public Stream<RecordedEvent> readStream(StreamId stream, long from, Direction direction, long limit) {
        checkRange(from, limit);
        return Pages.stream(
                rows,
                PageSql.stream(stream, direction),
                direction,
                new Pages.Range(from, limit, RecordedEvent::version, () -> view.streamVersion(stream)));
    }

    @Override
    public Optional<RecordedEvent> find(StreamId stream, UUID eventId) {
        signal.checkOpen();
        return view.find(stream, eventId);
    }

    @Override
    public Subscription subscribe(Query query, long after) {
        signal.checkOpen();
        watch.advance(view.head());
        watch.follow();
        return new ReadingSubscription(this, signal, query, after);
    }

    @Override
    public long streamVersion(StreamId stream) {
        signal.checkOpen();
        return view.streamVersion(stream);
    }

    @Override
    public long head() {
        signal.checkOpen();
        return view.head();
    }

    @Override
    public long positionAt(Instant instant) {
        signal.checkOpen();
        return view.positionAt(EventRow.micros(instant));
    }

    @Override
    public Stream<StreamVersion> streams() {
        signal.checkOpen();
        return StreamPages.of(rows, view.head());
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        signal.close();
        watch.close();
        writer.close();
        try {
            pool.close();
        } catch (Exception e) {
            throw new StoreException.Unavailable("closing the store failed: " + e.getMessage(), e);
        }
    }

    private void checkRange(long from, long limit) {
        signal.checkOpen();
        if (from < 0 || limit < 0) {
            throw new IllegalArgumentException("from and limit are 0 or more, not " + from + " and " + limit);
        }
    }

    /** Returns the writer's failure with this thread's stack, so that a caller sees where the append was made. */
    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof RuntimeException e) {
            e.setStackTrace(new Throwable().getStackTrace());
            return e;
        }
        throw new AssertionError("the writer fails with unchecked exceptions only", cause);
    }
}
