// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
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
 * An event store in a folder, for one process at a time: durable when an append returns. Safe for use by many threads.
 *
 * <p>A damaged log opens too: what is whole can be read, a read that would have to leave events out throws
 * {@link StoreException.Corrupt}, and appends are refused.
 */
public final class LogEventStore implements RestorableStore {
    private final UUID id;
    private final LogIndex index;
    private final LogReader reader;
    private final HeadSignal signal;
    private final Indexer indexer;
    private final @Nullable LogWriter writer; // null if the log was damaged when it was opened
    private final LogOptions options;
    private final Closeable lock;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LogEventStore(UUID id, Opened opened, LogOptions options, Closeable lock) {
        this.id = id;
        this.index = opened.index;
        this.indexer = opened.indexer;
        this.reader = new LogReader(index);
        this.signal = new HeadSignal(index.head());
        this.writer = opened.tail == null
                ? null
                : new LogWriter(index, new Committer(index, opened.tail, signal, options.clock(), indexer), signal);
        this.options = options;
        this.lock = lock;
    }

    /** What opening has found; no tail if the log is damaged. */
    private record Opened(
            LogIndex index, Indexer indexer, @Nullable Tail tail) {}

    /** Opens the store in {@code folder}, with {@link LogOptions#defaults()}; see {@link #open(Path, LogOptions)}. */
    public static LogEventStore open(Path folder) {
        return open(folder, LogOptions.defaults());
    }

    /**
     * Opens the store in {@code folder}, creating both if they are not there.
     *
     * @throws StoreException.CannotOpen if another process has it open, it is newer than this program, the folder holds
     *     something else, or it cannot be written; nothing was changed
     * @throws StoreException.Corrupt if its header is damaged, and cannot be made anew from the segments; nothing was
     *     changed
     */
    public static LogEventStore open(Path folder, LogOptions options) {
        try {
            return open(StoreFolder.create(folder), options);
        } catch (IOException e) {
            throw StoreFolder.cannotOpen(folder.toString(), e);
        }
    }

    /** Returns whether {@code folder} holds a store, whatever state it is in. */
    public static boolean exists(Path folder) {
        return Files.exists(folder.resolve(StoreHeader.FILE));
    }

    static LogEventStore open(Directory directory, LogOptions options) throws IOException {
        return open(directory, options, Key.Hash.STANDARD);
    }

    static LogEventStore open(Directory directory, LogOptions options, Key.Hash hash) throws IOException {
        StoreFolder.isNew(directory); // before the lock's own file stands in somebody else's folder
        Closeable lock = directory.lock();
        try {
            return openLocked(directory, options, hash, lock);
        } catch (InternalError e) {
            lock.close();
            throw new StoreException.Corrupt(directory.name(), 0, Damage.UNREADABLE);
        } catch (IOException | RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private static LogEventStore openLocked(Directory directory, LogOptions options, Key.Hash hash, Closeable lock)
            throws IOException {
        LogIndex index = new LogIndex(hash);
        if (StoreFolder.isNew(directory)) {
            UUID id = new UUID(options.random().nextLong(), options.random().nextLong());
            Tail tail = Tail.create(directory, options, id);
            try {
                new StoreHeader(id).writeTo(directory);
            } catch (IOException | RuntimeException | Error e) {
                tail.close();
                throw e;
            }
            index.begin(tail.segment());
            return started(id, new Opened(index, new Indexer(directory, id, index), tail), options, lock);
        }
        StoreFolder.Identity identity = StoreFolder.identity(directory);
        UUID id = identity.id();
        Indexer indexer = new Indexer(directory, id, index);
        Recovery recovery = Recovery.read(directory, id, index, indexer);
        identity.repair(directory); // only now, for the segments may be refused
        Tail tail = recovery.repair(options);
        return started(id, new Opened(index, indexer, tail), options, lock);
    }

    private static LogEventStore started(UUID id, Opened opened, LogOptions options, Closeable lock)
            throws IOException {
        try {
            LogEventStore store = new LogEventStore(id, opened, options, lock);
            opened.indexer.wake();
            return store;
        } catch (RuntimeException | Error e) {
            if (opened.tail != null) {
                opened.tail.close();
            }
            throw e;
        }
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public AppendResult append(Append append) {
        return WriterAnswer.await(writer().submitOrCommit(append));
    }

    /**
     * Appends as {@link #append(Append)} does, but returns before the events are durable, for pipelines that keep many
     * appends in flight. Appends of one thread keep their order. Waits only while thousands of appends are in flight.
     *
     * @return completes once the events survive a crash, or with what {@code append} throws; what hangs on it runs on
     *     the writer's thread and holds up every append, so let it be short and never append, or use the
     *     {@code Async} methods
     */
    public CompletableFuture<AppendResult> appendAsync(Append append) {
        return writer().submit(append);
    }

    @Override
    public void restore(List<RecordedEvent> events) {
        List<RecordedEvent> checked = RestoreRules.checked(events);
        WriterAnswer.await(writer().submit(checked));
    }

    /** Returns the writer, unless the log is damaged. */
    private LogWriter writer() {
        if (writer == null || !index.damages().isEmpty()) {
            signal.checkOpen();
            index.checkWhole();
        }
        return Objects.requireNonNull(writer);
    }

    @Override
    public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
        signal.checkRead(from, limit);
        long head = signal.head();
        return reader.read(
                query,
                direction == Direction.FORWARDS
                        ? new QueryCursor.Range(from, head, direction, limit)
                        : new QueryCursor.Range(1, Math.min(from, head), direction, limit));
    }

    @Override
    public Stream<RecordedEvent> readStream(StreamId stream, long from, Direction direction, long limit) {
        signal.checkRead(from, limit);
        return reader.readStream(stream, new QueryCursor.Range(from, signal.head(), direction, limit));
    }

    @Override
    public Optional<RecordedEvent> find(StreamId stream, UUID eventId) {
        signal.checkOpen();
        Key key = index.hash().stream(stream);
        long position = index.find(key, eventId, signal.head());
        if (position == 0) {
            reader.checkAbsent(key);
            return Optional.empty();
        }
        return Optional.of(reader.at(position));
    }

    @Override
    public Subscription subscribe(Query query, long after) {
        signal.checkOpen();
        return new ReadingSubscription(this, signal, query, after);
    }

    @Override
    public long streamVersion(StreamId stream) {
        signal.checkOpen();
        return streamVersion(stream, signal.head());
    }

    private long streamVersion(StreamId stream, long head) {
        Key key = index.hash().stream(stream);
        long version = index.head(key, head).version();
        reader.checkEnd(key); // afterwards, for the lookup may be what finds the damage
        return version;
    }

    @Override
    public long head() {
        signal.checkOpen();
        return signal.head();
    }

    @Override
    public long positionAt(Instant instant) {
        signal.checkOpen();
        return reader.positionAt(instant, signal.head());
    }

    @Override
    public Stream<StreamVersion> streams() {
        signal.checkOpen();
        long head = signal.head();
        return reader.firstEvents(head)
                .map(event -> new StreamVersion(event.stream(), streamVersion(event.stream(), head)));
    }

    /**
     * Stores the events of each stream together, for all segments but the one that is being written, so that old
     * streams are read with few seeks. Reads and appends go on meanwhile; no position changes. Needs as much room on
     * the disk as 1 GiB of segments, for a time. May take minutes for a large log.
     *
     * @throws StoreException.Corrupt if an event is damaged; what was compacted before stays so, the rest is as it was
     * @throws StoreException.Unavailable if the disk fails or has no room; as above
     */
    public CompactReport compact() {
        signal.checkOpen();
        try {
            return indexer.compact(options);
        } catch (IOException e) {
            throw new StoreException.Unavailable("compacting failed: " + e.getMessage(), e);
        }
    }

    /** Returns what was found damaged when the store was opened; empty if nothing was. */
    public List<Damage> damages() {
        return List.copyOf(index.damages());
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
        if (writer != null && writer.isWritingHere()) {
            Thread.ofPlatform().name("leftfold-log-closer").start(this::finish);
        } else {
            finish();
        }
    }

    private void finish() {
        try (lock) {
            if (writer != null) {
                writer.close();
            }
            indexer.close();
        } catch (IOException e) {
            throw new StoreException.Unavailable("closing the store failed: " + e.getMessage(), e);
        }
    }
}
