// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import leftfold.store.StoreException;

/**
 * Writes the indexes of sealed segments to files, and merges files of one level, so that there are few. It works beside
 * the writer, and never holds up an append but when indexes in memory pile up. What it writes is derived: if it fails,
 * the index stays in memory and the next sealed segment is the next try. Safe for use by many threads.
 */
final class Indexer {
    private static final System.Logger LOGGER = System.getLogger(Indexer.class.getName());
    private static final int TABLES_PER_MERGE = 4;
    private static final int SEALED_IN_MEMORY_MAX = 3;
    private static final long TABLE_BYTES_MAX = 1_900_000_000L;

    private final Directory directory;
    private final UUID logId;
    private final LogIndex index;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ReentrantLock working = new ReentrantLock(true); // held by who changes the parts
    private boolean running;
    private boolean failed;
    private volatile boolean stopping;

    Indexer(Directory directory, UUID logId, LogIndex index) {
        this.directory = directory;
        this.logId = logId;
        this.index = index;
        index.onDamage(this::repair);
    }

    /** Has everything indexed that is sealed, beside the caller. */
    void wake() {
        lock.lock();
        try {
            failed = false;
            if (running || stopping) {
                return; // who runs looks again before it ends
            }
            running = true;
        } finally {
            lock.unlock();
        }
        directory.runBeside(this::run);
    }

    /** Waits while many sealed segments have their index still in memory, unless they cannot be written. */
    void awaitRoom() {
        lock.lock();
        try {
            while (running && !failed && sealedInMemory().size() >= SEALED_IN_MEMORY_MAX) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops what is under way, leaving no file half written, and waits for it. */
    void close() {
        stopping = true;
        lock.lock();
        try {
            while (running) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        working.lock(); // a compaction under way finishes its piece, and sees that it is to stop
        try {
            LOGGER.log(Level.DEBUG, "no more work on indexes: folder={0}", directory.name());
        } finally {
            working.unlock();
        }
    }

    /** Writes the index of a sealed segment of which nothing is lost; if that fails, it stays in memory. */
    void write(MemoryIndex memory) throws IOException {
        working.lock();
        try {
            Segment segment = memory.segment();
            if (segment.offsetsFile() == null) {
                segment.writeOffsets(directory);
            }
            if (segment.count() == 0) {
                index.replace(List.of(memory), List.of());
            } else {
                index.replace(List.of(memory), List.of(written(memory)));
            }
        } finally {
            working.unlock();
        }
    }

    /** Compacts what is sealed, a few segments at a time, so that new ones are indexed in between. */
    CompactReport compact(LogOptions options) throws IOException {
        Compactor compactor = new Compactor(directory, index, options);
        boolean more = true;
        while (more) {
            working.lock();
            try {
                more = !stopping && compactor.compactNext();
            } catch (IndexFile.DamagedException e) {
                repair(e.file());
                checkNothingLost();
            } finally {
                working.unlock();
            }
        }
        return compactor.report();
    }

    private void checkNothingLost() {
        if (!index.damages().isEmpty()) {
            Damage damage = index.damages().getFirst();
            throw new StoreException.Corrupt(damage.file(), damage.offset(), damage.what());
        }
    }

    /** Returns the lineage of the segments from {@code first} up to {@code next}, exclusive. */
    static long lineage(List<Segment> segments, long first, long next, Key.Hash hash) {
        long lineage = hash.fingerprint();
        for (Segment segment : segments) {
            if (segment.firstPosition() >= first && segment.firstPosition() < next) {
                lineage ^= segment.lineage();
            }
        }
        return lineage;
    }

    private void run() {
        while (true) {
            boolean more = false;
            try {
                more = !stopping && workOnce();
            } catch (IOException | RuntimeException | Error e) {
                LOGGER.log(
                        Level.WARNING,
                        "an index stays in memory until it can be written: folder={0} cause={1}",
                        directory.name(),
                        e.toString());
                failed = true;
            }
            lock.lock();
            try {
                changed.signalAll();
                if (!more && (failed || stopping || sealedInMemory().isEmpty())) {
                    running = false;
                    return;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Does one piece of work; returns whether there was any. */
    private boolean workOnce() throws IOException {
        List<MemoryIndex> sealed = sealedInMemory();
        if (!sealed.isEmpty()) {
            write(sealed.getFirst());
            return true;
        }
        working.lock();
        try {
            List<KeyTable> tables = toMerge();
            if (tables.isEmpty()) {
                return false;
            }
            merge(tables);
            return true;
        } finally {
            working.unlock();
        }
    }

    private List<MemoryIndex> sealedInMemory() {
        List<KeyIndex> parts = index.parts();
        List<MemoryIndex> sealed = new ArrayList<>();
        for (int i = 0; i < parts.size() - 1; i++) { // the last one is being written; a folder may have lost them all
            if (parts.get(i) instanceof MemoryIndex memory && !memory.hasGaps()) {
                sealed.add(memory);
            }
        }
        return sealed;
    }

    /** Returns the last tables in a row that are of one level, if they are enough for the next. */
    private List<KeyTable> toMerge() {
        List<KeyTable> row = new ArrayList<>();
        for (KeyIndex part : index.parts()) {
            if (part instanceof KeyTable table) {
                if (!row.isEmpty() && row.getLast().level() != table.level()) {
                    row.clear();
                }
                row.add(table);
                long bytes = row.stream().mapToLong(one -> one.file().length()).sum();
                if (row.size() == TABLES_PER_MERGE && bytes <= TABLE_BYTES_MAX) {
                    return row;
                }
                if (row.size() == TABLES_PER_MERGE) {
                    row.removeFirst();
                }
            } else {
                row.clear();
            }
        }
        return List.of();
    }

    private void merge(List<KeyTable> tables) throws IOException {
        long first = tables.getFirst().firstPosition();
        long next = tables.getLast().nextPosition();
        KeyTableWriter.Target target = target(first, next, tables.getFirst().level() + 1);
        List<KeyRun.Source> sources = tables.stream().map(KeyTable::source).toList();
        try {
            if (KeyTableWriter.write(directory, target, sources, () -> stopping)) {
                index.replace(tables, List.of(open(target)));
                for (KeyTable table : tables) {
                    directory.delete(table.name());
                }
            }
        } catch (IndexFile.DamagedException e) {
            repair(e.file());
        }
    }

    /** Returns {@code memory} in a file; itself if that is not to be written any more. */
    private KeyIndex written(MemoryIndex memory) throws IOException {
        KeyTableWriter.Target target =
                target(memory.firstPosition(), memory.segment().nextPosition(), 0);
        return KeyTableWriter.write(directory, target, List.of(memory.source()), () -> stopping)
                ? open(target)
                : memory;
    }

    private KeyTable open(KeyTableWriter.Target target) throws IOException {
        KeyTable table = KeyTable.open(directory, target.file(), logId);
        if (table == null) {
            throw new IOException(target.file() + " is not what was written a moment ago");
        }
        return table;
    }

    private KeyTableWriter.Target target(long first, long next, int level) {
        return new KeyTableWriter.Target(
                logId, first, next, lineage(index.segments(), first, next, index.hash()), level);
    }

    /** Puts indexes made anew from the segments in the place of a damaged one. */
    private void repair(IndexFile file) {
        working.lock();
        try {
            for (KeyIndex part : index.parts()) {
                if (part instanceof KeyTable table && table.file() == file) {
                    LOGGER.log(Level.WARNING, "{0} is damaged; made anew from the segments", file.path());
                    List<KeyIndex> rebuilt = rebuilt(table);
                    index.replace(List.of(table), rebuilt);
                    boolean written = rebuilt.stream().anyMatch(one -> isNamed(one, table.name()));
                    if (!stopping && !written) {
                        directory.delete(table.name());
                    }
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "a damaged index is left: file={0} cause={1}", file.path(), e.toString());
        } finally {
            working.unlock();
        }
        wake();
    }

    private static boolean isNamed(KeyIndex part, String name) {
        return part instanceof KeyTable table && table.name().equals(name);
    }

    /** Returns indexes of the table's segments, each in a file before the next is made, to keep memory low. */
    private List<KeyIndex> rebuilt(KeyTable table) {
        List<KeyIndex> rebuilt = new ArrayList<>();
        for (Segment segment : index.segments()) {
            if (segment.firstPosition() >= table.firstPosition() && segment.firstPosition() < table.nextPosition()) {
                MemoryIndex memory = Recovery.reindexed(segment, index);
                rebuilt.add(memory.hasGaps() ? memory : writtenIfPossible(memory));
            }
        }
        return rebuilt;
    }

    private KeyIndex writtenIfPossible(MemoryIndex memory) {
        try {
            return written(memory);
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    "an index stays in memory: file={0} cause={1}",
                    memory.segment().path(),
                    e.toString());
            return memory;
        }
    }
}
