// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntToLongFunction;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The index of one segment, in memory. Streams and ids are kept as events come, for the next append is decided by them.
 * Categories, types and tags are taken from the segment by the first reader who asks. Safe for use by one thread that
 * adds and many that look up; locks are held for lookups only.
 */
final class MemoryIndex implements KeyIndex {
    private static final int CAPACITY_FIRST = 64;

    private final Segment segment;
    private final Key.Hash hash;
    private final ReentrantReadWriteLock adding = new ReentrantReadWriteLock(); // guards what stands up to ids
    private final KeyLists streams = new KeyLists();
    private long[] firstVersions = new long[CAPACITY_FIRST]; // by stream
    private int[] streamOf; // by ordinal
    private long[] idsHigh;
    private long[] idsLow;
    private int[] idSlots; // ordinal + 1, by open addressing
    private int ids;
    private int touched; // a sum that nobody needs, so that the touching is not optimised away
    private boolean gaps;
    private volatile int visible;

    private final ReentrantLock catchingUp = new ReentrantLock(); // guards the rest
    private final KeyLists keys = new KeyLists();
    private byte[] scratch = new byte[CAPACITY_FIRST];
    private int caughtUp;

    /** Creates the index of {@code segment}, from which nothing has been added yet, with room for {@code expected}. */
    MemoryIndex(Segment segment, Key.Hash hash, int expected) {
        this.segment = segment;
        this.hash = hash;
        int capacity = Math.max(CAPACITY_FIRST, Integer.highestOneBit(Math.max(1, expected - 1)) << 1);
        this.streamOf = new int[capacity];
        this.idsHigh = new long[capacity];
        this.idsLow = new long[capacity];
        this.idSlots = new int[2 * capacity];
    }

    Segment segment() {
        return segment;
    }

    @Override
    public long firstPosition() {
        return segment.firstPosition();
    }

    @Override
    public long nextPosition() {
        return segment.firstPosition() + visible;
    }

    /** Returns whether events of the segment are lost. */
    boolean hasGaps() {
        return gaps;
    }

    /**
     * Adds the segment's next {@code count} events, all of one stream. Their records stand in {@code frame} from
     * {@code at} on; those in the segment begin {@code shift} bytes later. Readers do not see them yet.
     *
     * @return where the next record begins in {@code frame}
     */
    int add(Key stream, ByteBuffer frame, int at, int count, int shift) {
        adding.writeLock().lock();
        try {
            int key = streams.findOrAdd(Key.STREAM, stream.name(), stream.name().length, stream.hash());
            if (streams.count(key) == 0) {
                firstVersions = withRoom(firstVersions, key);
                firstVersions[key] = EventRecord.version(frame, at);
            }
            if (count > 1) {
                touchIds(key, frame, at, count);
            }
            int next = at;
            for (int i = 0; i < count; i++) {
                int ordinal = segment.count();
                segment.add(next + shift);
                streams.append(key, ordinal);
                streamOf = KeyLists.withRoom(streamOf, ordinal + 1);
                streamOf[ordinal] = key;
                addId(ordinal, EventRecord.idHigh(frame, next), EventRecord.idLow(frame, next));
                next += EventRecord.length(frame, next);
            }
            return next;
        } finally {
            adding.writeLock().unlock();
        }
    }

    /** Takes note that the positions up to {@code position}, exclusive, are lost. */
    void skipTo(long position) {
        gaps = true;
        segment.skipTo(position);
        int end = segment.count();
        streamOf = KeyLists.withRoom(streamOf, end);
        idsHigh = withRoom(idsHigh, end);
        idsLow = withRoom(idsLow, end);
    }

    /** Lets readers see everything that was added; its bytes are in the segment. */
    void publish() {
        visible = segment.count();
    }

    @Override
    public @Nullable Postings find(Key key) {
        catchingUp.lock();
        try {
            catchUp();
            int found = keys.find(key.kind(), key.name(), key.name().length, key.hash());
            return found < 0 ? null : keys.list(found);
        } finally {
            catchingUp.unlock();
        }
    }

    @Override
    public int locate(Key key) {
        adding.readLock().lock();
        try {
            return streams.find(Key.STREAM, key.name(), key.name().length, key.hash());
        } finally {
            adding.readLock().unlock();
        }
    }

    @Override
    public StreamPart stream(int located) {
        adding.readLock().lock();
        try {
            return new Part(this, streams.list(located), firstVersions[located]);
        } finally {
            adding.readLock().unlock();
        }
    }

    /** Returns the ordinal of the event with this id in a stream that was located; -1 if there is none. */
    int find(int located, UUID id) {
        adding.readLock().lock();
        try {
            return findGuarded(located, id.getMostSignificantBits(), id.getLeastSignificantBits());
        } finally {
            adding.readLock().unlock();
        }
    }

    /** Returns the version of that event; 0 if there is none. For the thread that adds, to an index without gaps. */
    long versionOf(int located, UUID id) {
        int ordinal = findGuarded(located, id.getMostSignificantBits(), id.getLeastSignificantBits());
        return ordinal < 0 ? 0 : firstVersions[located] + streams.indexOf(located, ordinal);
    }

    private int findGuarded(int stream, long high, long low) {
        int mask = idSlots.length - 1;
        for (int slot = idHash(stream, high, low) & mask; idSlots[slot] != 0; slot = (slot + 1) & mask) {
            int ordinal = idSlots[slot] - 1;
            if (idsLow[ordinal] == low && idsHigh[ordinal] == high && streamOf[ordinal] == stream) {
                return ordinal;
            }
        }
        return -1;
    }

    /** Returns all keys, to be written to a file; nothing is added any more. */
    KeyRun.Source source() {
        catchingUp.lock();
        try {
            catchUp();
        } finally {
            catchingUp.unlock();
        }
        List<KeyRun> runs = new ArrayList<>(streams.size() + keys.size());
        for (int key = 0; key < streams.size(); key++) {
            runs.add(new Run(this, streams, key, streams.hash(key)));
        }
        for (int key = 0; key < keys.size(); key++) {
            runs.add(new Run(this, keys, key, keys.hash(key)));
        }
        runs.sort(KeyRun::compare);
        return new KeyRun.Source(firstPosition(), runs.iterator());
    }

    /** Touches where the ids will go, all in a row: what lies scattered over memory then comes side by side. */
    private void touchIds(int stream, ByteBuffer frame, int at, int count) {
        int mask = idSlots.length - 1;
        int sum = touched;
        int next = at;
        for (int i = 0; i < count; i++) {
            sum += idSlots[idHash(stream, EventRecord.idHigh(frame, next), EventRecord.idLow(frame, next)) & mask];
            next += EventRecord.length(frame, next);
        }
        touched = sum;
    }

    private void addId(int ordinal, long high, long low) {
        idsHigh = withRoom(idsHigh, ordinal);
        idsLow = withRoom(idsLow, ordinal);
        idsHigh[ordinal] = high;
        idsLow[ordinal] = low;
        ids++;
        if (2 * ids > idSlots.length) {
            idSlots = new int[2 * idSlots.length];
            for (int other = 0; other < ordinal; other++) {
                if (segment.offset(other) != 0) {
                    putId(other);
                }
            }
        }
        putId(ordinal);
    }

    private void putId(int ordinal) {
        int mask = idSlots.length - 1;
        int slot = idHash(streamOf[ordinal], idsHigh[ordinal], idsLow[ordinal]) & mask;
        while (idSlots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        idSlots[slot] = ordinal + 1;
    }

    private static int idHash(int stream, long high, long low) {
        return (int) Key.mix(high * 0x9e3779b97f4a7c15L + Long.rotateLeft(low, 32) + stream);
    }

    private static long[] withRoom(long[] array, int index) {
        return index < array.length ? array : Arrays.copyOf(array, Math.max(index + 1, 2 * array.length));
    }

    /** Adds the keys of the events that have come since the last time. */
    private void catchUp() {
        for (int end = visible; caughtUp < end; caughtUp++) {
            int offset = segment.offset(caughtUp);
            if (offset != 0) {
                try {
                    addKeys(segment.bytes(), offset, caughtUp);
                } catch (InternalError e) {
                    throw new StoreException.Corrupt(segment.path(), offset, Damage.UNREADABLE);
                }
            }
        }
    }

    private void addKeys(ByteBuffer bytes, int offset, int ordinal) {
        int category = EventRecord.categoryLength(bytes, offset);
        addKey(Key.CATEGORY, bytes, offset + EventRecord.HEADER_BYTES, category, ordinal);
        int type = offset + EventRecord.HEADER_BYTES + EventRecord.streamLength(bytes, offset);
        addKey(Key.TYPE, bytes, type, EventRecord.typeLength(bytes, offset), ordinal);
        if (EventRecord.version(bytes, offset) == 1) {
            addKey(Key.FIRST, bytes, offset, 0, ordinal);
        }
        if (EventRecord.attributesLength(bytes, offset) > 0) {
            Attributes.forEachTag(
                    bytes,
                    EventRecord.attributesOffset(bytes, offset),
                    EventRecord.attributesLength(bytes, offset),
                    (from, length) -> addKey(Key.TAG, bytes, from, length, ordinal));
        }
    }

    private void addKey(int kind, ByteBuffer bytes, int from, int length, int ordinal) {
        if (length > scratch.length) {
            scratch = new byte[2 * length];
        }
        bytes.get(from, scratch, 0, length);
        int key = keys.findOrAdd(kind, scratch, length, hash.of(kind, scratch, length));
        int count = keys.count(key);
        if (count == 0 || keys.get(key, count - 1) != ordinal) { // a record made elsewhere may have a tag twice
            keys.append(key, ordinal);
        }
    }

    /** A stream's events as they were when it was looked up. */
    private record Part(MemoryIndex index, KeyLists.List list, long firstVersion) implements StreamPart {
        @Override
        public int count() {
            return list.count();
        }

        @Override
        public int get(int i) {
            return list.get(i);
        }

        @Override
        public long version(int i) {
            return index.gaps ? index.segment.version(list.get(i)) : firstVersion + i;
        }
    }

    private record Run(MemoryIndex index, KeyLists lists, int number, long hash) implements KeyRun {
        @Override
        public Key key() {
            return new Key(lists.kind(number), lists.name(number), hash);
        }

        @Override
        public long firstVersion() {
            return lists == index.streams ? index.firstVersions[number] : 0;
        }

        @Override
        public int count() {
            return lists.count(number);
        }

        @Override
        public void forEachOrdinal(OrdinalSink sink) throws IOException {
            for (int i = 0, count = count(); i < count; i++) {
                sink.take(lists.get(number, i));
            }
        }

        @Override
        public IntToLongFunction ids() {
            long[] sorted = new long[count()];
            for (int i = 0; i < sorted.length; i++) {
                int ordinal = lists.get(number, i);
                UUID id = new UUID(index.idsHigh[ordinal], index.idsLow[ordinal]);
                sorted[i] = KeyRun.packedId(KeyRun.fingerprint(id), i);
            }
            Arrays.sort(sorted);
            return i -> sorted[i];
        }
    }
}
