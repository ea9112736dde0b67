// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import leftfold.jdbc.InlineModels;
import leftfold.jdbc.JdbcProjection;
import leftfold.jdbc.Rebuild;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Direction;
import leftfold.store.HeadSignal;
import leftfold.store.Query;
import leftfold.store.ReadingSubscription;
import leftfold.store.RecordedEvent;
import leftfold.store.RestorableStore;
import leftfold.store.RestoreRules;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.Subscription;
import leftfold.store.WriterAnswer;
import org.jspecify.annotations.Nullable;

/**
 * A log in PostgreSQL, one for each schema of a database. Safe for use by many threads and many processes at once.
 *
 * <p>Positions are dense and in the order of commits: appends take a lock of the whole log, and those that wait go to
 * the database together in one call. A follower can therefore never pass an event that is committed late.
 */
public final class PostgresEventStore implements RestorableStore {
    private static final String INSTEAD = "append with its append(...)";

    private final DataSource database;
    private final UUID id;
    private final HeadSignal signal = new HeadSignal(0);
    private final Rows rows;
    private final LogView view;
    private final HeadWatch watch;
    private final Partitions partitions;
    private final GroupWriter writer;
    private final Transactions transactions;
    private final AutoCloseable pool;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PostgresEventStore(DataSource database, OpenAppend appends, AutoCloseable pool) {
        new Schema(database, appends.options().answerMillis()).upgrade();
        this.database = database;
        this.rows = new Rows(database, appends.options().readMillis());
        this.view = new LogView(rows);
        this.id = rows.find(row -> row.getObject(1, UUID.class), "SELECT id FROM leftfold_log", List.of())
                .getFirst();
        this.watch = new HeadWatch(database, appends.options().answerMillis(), signal, id);
        this.partitions = new Partitions(database, appends);
        partitions.open();
        LongConsumer committed = head -> {
            watch.committed(head);
            partitions.committed(head);
        };
        this.writer = new GroupWriter(new Appender(database, appends, committed, partitions));
        this.transactions = new Transactions(database, appends, committed, partitions);
        this.pool = pool;
    }

    /** Opens the log in the current schema of {@code database}, as {@link #open(DataSource, PostgresOptions)} does. */
    public static PostgresEventStore open(DataSource database) {
        return open(database, PostgresOptions.defaults());
    }

    /**
     * Opens the log in the current schema of {@code database}, creating its tables where there are none. The store
     * takes one connection for its appends, one for its followers, and one for each read under way, two where it is
     * long; closing the store gives them back and leaves {@code database} open. All must lead to one server, be it
     * the primary or a replica: of several, a follower would miss what the one has and the other does not have yet.
     *
     * @throws StoreException.CannotOpen if there is no usable log and none can be made; nothing was changed
     */
    public static PostgresEventStore open(DataSource database, PostgresOptions options) {
        return new PostgresEventStore(database, new OpenAppend(options, null), () -> {});
    }

    /**
     * Opens the log as {@link #open(DataSource, PostgresOptions)} does, with read models that lie in the same schema
     * and are filled in the transaction of each append: events and read models are committed together or not at all,
     * and whoever appended reads its own write. A projection that is new here first catches up asynchronously, however
     * long that takes; other processes append meanwhile.
     *
     * <p>An append that a handler fails at is refused, whatever the projection's {@code FailurePolicy} says. Every
     * process that appends should be opened with the same projections. If one is not, the others catch up with what it
     * appended in their next append; if that is more than some thousand events, that append is refused.
     *
     * @param inline each after its inputs
     * @throws IllegalArgumentException if two have one name, or one has an input that is not inline before it
     * @throws leftfold.jdbc.ReadModelException if a declaration does not fit what is there, or fails at an event
     * @throws StoreException.CannotOpen if there is no usable log and none can be made; nothing was changed
     * @throws InterruptedException if the thread is interrupted while a projection catches up
     */
    public static PostgresEventStore open(
            DataSource database, PostgresOptions options, List<? extends JdbcProjection> inline)
            throws InterruptedException {
        if (inline.isEmpty()) {
            return open(database, options);
        }
        InlineModels models;
        try (PostgresEventStore log = open(database, options)) {
            models = InlineModels.open(database, log, inline);
        }
        return new PostgresEventStore(database, new OpenAppend(options, models), () -> {});
    }

    /** Opens the log as above; closing the store closes {@code pool}. */
    static PostgresEventStore open(DataSource database, AutoCloseable pool) {
        return new PostgresEventStore(database, new OpenAppend(PostgresOptions.defaults(), null), pool);
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public AppendResult append(Append append) {
        signal.checkOpen();
        transactions.checkOutside(INSTEAD);
        return WriterAnswer.await(writer.append(append));
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
        transactions.checkOutside(INSTEAD);
        return writer.submit(append);
    }

    /**
     * Does {@code work} in one transaction on a connection of its own, at READ COMMITTED, and returns what it returns:
     * the program's own statements through {@link Transaction#connection} and appends through {@link
     * Transaction#append} are committed together, or, if it throws, rolled back together. What it throws comes out
     * unchanged. It is run once, never again.
     *
     * <p>From its first append to its commit the transaction holds the log's lock, and every other append waits. Let
     * the appends come last and do nothing slow after them; a transaction that stands still for as long as
     * {@link PostgresOptions#timeout} is ended by the server. An interrupt of a virtual thread breaks its connection.
     *
     * @throws X of the work; nothing was written
     * @throws StoreException.OutcomeUnknown if what came of the commit is not known; ask with {@link #find}
     * @throws StoreException.Unavailable if the database does not begin or commit it; nothing was written
     * @throws IllegalStateException inside the work of another transaction of this store, on its thread
     */
    public <T extends @Nullable Object, X extends Exception> T transaction(Transaction.Work<T, X> work) throws X {
        signal.checkOpen();
        try {
            return transactions.run(work);
        } finally {
            partitions.grow(); // the transaction's connection is given back by now
        }
    }

    /**
     * Waits until readers see all the new builds of {@code rebuild}, as {@link Rebuild#await} does, where projections
     * are inline: once the new builds are near the log's end, all appends wait for a moment, a second at most, so that
     * the new builds can get there and readers go over to them.
     *
     * @return whether they did; false once {@code timeout} is over, or when one has failed
     * @throws StoreException.Unavailable if appends cannot be stopped; nothing was changed
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(Rebuild rebuild, Duration timeout) throws InterruptedException {
        signal.checkOpen();
        return new LastStretch(transactions).await(rebuild, timeout);
    }

    @Override
    public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
        signal.checkRead(from, limit);
        return Pages.stream(
                rows,
                PageSql.of(query, direction),
                direction,
                new Pages.Range(from, limit, RecordedEvent::position, view::head));
    }

    @Override
    public Stream<RecordedEvent> readStream(StreamId stream, long from, Direction direction, long limit) {
        signal.checkRead(from, limit);
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

    /**
     * {@inheritDoc}
     *
     * <p>Inline read models are not filled: restore first, and open the store with its projections afterwards.
     */
    @Override
    public void restore(List<RecordedEvent> events) {
        signal.checkOpen();
        List<RecordedEvent> checked = RestoreRules.checked(events);
        partitions.growFor(checked.size(), checked.getLast().position());
        transactions.run(transaction -> {
            transaction.restore(checked);
            return checked;
        });
    }

    /**
     * Reads the whole log and reports where its tables do not agree: positions, versions, times, ids, streams, tags and
     * postings. Appends go on meanwhile.
     *
     * @throws StoreException.Unavailable if the database fails
     */
    public PostgresVerifyReport verify() {
        signal.checkOpen();
        return Verification.run(new Rows(database)); // takes as long as the log is long
    }

    /**
     * {@inheritDoc} What hangs on {@link #appendAsync} and closes the store would wait for itself: another thread then
     * waits for the appends under way, and this returns before the store is closed.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        signal.close();
        if (writer.isWritingHere()) {
            Thread.ofPlatform().name("leftfold-postgres-closer").start(this::finish);
        } else {
            finish();
        }
    }

    private void finish() {
        watch.close();
        writer.close();
        try {
            pool.close();
        } catch (Exception e) {
            throw new StoreException.Unavailable("closing the store failed: " + e.getMessage(), e);
        }
    }
}
