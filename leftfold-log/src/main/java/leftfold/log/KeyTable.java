// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.IntToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The index of a range of sealed segments, in a file. Never changes; safe for use by many threads. The body of the
 * {@link IndexFile}:
 *
 * <pre>
 * records     of all keys, ascending by hash (unsigned), kind and name; zeros up to a multiple of 4096
 * dictionary  for each key, in the same order, 8 bytes: 24 bits, the low ones of its hash, above 40 bits, the offset
 *             of its record divided by 8
 * directory   for each of 2^b possible beginnings of a hash, and one more, 4 bytes: how many keys lie before it
 *
 * offset  size  field of a record
 *      0     8  hash
 *      8     4  n, number of events
 *     12     2  length of the name
 *     14     1  kind: 1 stream, 2 category, 3 type, 4 tag, 5 first events of streams
 *     15     1  form of the ordinals: 0 numbers of 4 bytes, 1 a serialized RoaringBitmap
 *     16     8  of a stream the version of its first event here; else 0
 *     24     4  length of the ordinals in bytes
 *     28     4  0
 *     32        name, zeros up to a multiple of 8
 *               ordinals: positions less the first position of the file; zeros up to a multiple of 8
 *               of a stream n times 8 bytes, ascending: fingerprint of an event id, index of its event among the n
 * </pre>
 *
 * The header's first number is that of the keys, its second has b in its low byte and the level above it: a file of
 * level 0 comes from one segment, one of level n+1 from several of level n.
 */
final class KeyTable implements KeyIndex {
    static final int RECORD_HEADER_BYTES = 32;
    static final int ORDINALS_INTS = 0;
    static final int ORDINALS_ROARING = 1;
    static final int OFFSET_BITS = 40;

    private static final Pattern NAME = Pattern.compile("index-(\\d{12,19})-(\\d{12,19})\\.keys");

    private final IndexFile file;
    private final int keys;
    private final int directoryBits;
    private final int dictionary;
    private final int directory;

    private KeyTable(IndexFile file) {
        this.file = file;
        this.keys = (int) file.header().first();
        this.directoryBits = (int) file.header().second() & 0xff;
        this.directory = file.length() - Integer.BYTES * ((1 << directoryBits) + 1);
        this.dictionary = directory - Long.BYTES * keys;
    }

    /** Opens the file; returns null if it is not a valid one of this log. */
    static @Nullable KeyTable open(Directory directory, String name, UUID logId) throws IOException {
        IndexFile file = IndexFile.open(directory, name, IndexFile.KEYS, logId);
        if (file == null) {
            return null;
        }
        long bits = file.header().second() & 0xff;
        long keys = file.header().first();
        boolean fits = bits >= 1
                && bits < Integer.SIZE - 2
                && keys >= 0
                && 8 * keys + 4 * ((1L << bits) + 1) <= file.length()
                && file.header().nextPosition() - file.header().firstPosition() <= Integer.MAX_VALUE;
        return fits ? new KeyTable(file) : null;
    }

    /** Returns the name of the file for positions from {@code first} to {@code last}. */
    static String file(long first, long last) {
        return "index-%012d-%012d.keys".formatted(first, last);
    }

    /** Returns whether {@code name} is one of such a file. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    IndexFile file() {
        return file;
    }

    String name() {
        return file(firstPosition(), nextPosition() - 1);
    }

    /** Returns the epochs of its segments, combined by exclusive or, and with the hash's fingerprint. */
    long lineage() {
        return file.header().lineage();
    }

    int level() {
        return (int) file.header().second() >>> 8;
    }

    @Override
    public long firstPosition() {
        return file.header().firstPosition();
    }

    @Override
    public long nextPosition() {
        return file.header().nextPosition();
    }

    @Override
    public @Nullable Postings find(Key key) {
        int record = record(key);
        return record < 0 ? null : postings(record);
    }

    @Override
    public int locate(Key key) {
        return record(key);
    }

    @Override
    public StreamPart stream(int located) {
        return part(located);
    }

    /**
     * Returns the index, among the events of the stream that {@link #locate} has found, of the next one after
     * {@code after} whose id may be {@code id}; -1 if there is none. Begin with -1.
     */
    int findId(int record, UUID id, int after) {
        long wanted = KeyRun.packedId(KeyRun.fingerprint(id), after + 1);
        int ids = ids(record);
        int low = 0;
        int high = count(record);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (file.getLong(ids + Long.BYTES * middle) < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == count(record)) {
            return -1;
        }
        long found = file.getLong(ids + Long.BYTES * low);
        return found >>> Integer.SIZE == wanted >>> Integer.SIZE ? (int) found : -1;
    }

    /** Returns all keys, to be merged with others. */
    KeyRun.Source source() {
        return new KeyRun.Source(firstPosition(), new Records());
    }

    /** Returns whether the way to the key's record, and where that begins, is in memory. */
    boolean isLoaded(Key key) {
        int beginning = beginning(key);
        if (!file.isLoaded(beginning) || !file.isLoaded(beginning + Integer.BYTES)) {
            return false;
        }
        int end = file.getInt(beginning + Integer.BYTES);
        for (int i = file.getInt(beginning); i < end; i++) {
            int at = dictionary + Long.BYTES * i;
            if (!file.isLoaded(at) || (isLike(file.getLong(at), key) && !file.isLoaded(offset(file.getLong(at))))) {
                return false;
            }
        }
        return true;
    }

    /** Reads what is known of a stream into memory. Damage is left to who uses it. */
    void load(Key stream) {
        try {
            int record = record(stream);
            if (record >= 0) {
                part(record).get(count(record) - 1);
            }
        } catch (IndexFile.DamagedException e) {
            return; // this was to save time only
        }
    }

    /** Returns where the directory says how many keys there are before those whose hash begins like the key's. */
    private int beginning(Key key) {
        return directory + Integer.BYTES * (int) (key.hash() >>> (Long.SIZE - directoryBits));
    }

    private static boolean isLike(long entry, Key key) {
        return entry >>> OFFSET_BITS == (key.hash() & 0xffffff);
    }

    /** Returns the offset of the key's record; -1 if it is not there. */
    private int record(Key key) {
        int beginning = beginning(key);
        int end = file.getInt(beginning + Integer.BYTES);
        for (int i = file.getInt(beginning); i < end; i++) {
            long entry = file.getLong(dictionary + Long.BYTES * i);
            if (isLike(entry, key)) {
                int record = offset(entry);
                if (file.getLong(record) == key.hash() && is(record, key)) {
                    return record;
                }
            }
        }
        return -1;
    }

    private static int offset(long entry) {
        return (int) ((entry & ((1L << OFFSET_BITS) - 1)) << 3);
    }

    private boolean is(int record, Key key) {
        return kind(record) == key.kind()
                && nameLength(record) == key.name().length
                && Arrays.equals(name(record), key.name());
    }

    private Written postings(int record) {
        int start = ordinals(record);
        int count = count(record);
        if (file.getInt(record + 12) >>> 24 == ORDINALS_ROARING) {
            return OrdinalsBitmap.of(file, start, ordinalsLength(record), count);
        }
        return new Ints(file, start, count);
    }

    private Part part(int record) {
        return new Part(new Ints(file, ordinals(record), count(record)), file.getLong(record + 16));
    }

    private int count(int record) {
        return file.getInt(record + 8);
    }

    private int nameLength(int record) {
        return file.getInt(record + 12) & 0xffff;
    }

    private int kind(int record) {
        return file.getInt(record + 12) >>> 16 & 0xff;
    }

    private byte[] name(int record) {
        byte[] name = new byte[nameLength(record)];
        file.get(record + RECORD_HEADER_BYTES, name);
        return name;
    }

    private int ordinals(int record) {
        return record + RECORD_HEADER_BYTES + FrameBuffer.alignUp(nameLength(record), Long.BYTES);
    }

    private int ordinalsLength(int record) {
        return file.getInt(record + 24);
    }

    private int ids(int record) {
        return ordinals(record) + FrameBuffer.alignUp(ordinalsLength(record), Long.BYTES);
    }

    private int end(int record) {
        return ids(record) + (kind(record) == Key.STREAM ? Long.BYTES * count(record) : 0);
    }

    /** The ordinals of a record, in one of their forms. */
    sealed interface Written extends Postings permits Ints, OrdinalsBitmap {}

    private record Ints(IndexFile file, int start, int count) implements Written, Postings.Indexed {
        @Override
        public int get(int index) {
            return file.getInt(start + Integer.BYTES * index);
        }
    }

    private record Part(Ints ints, long firstVersion) implements StreamPart {
        @Override
        public int count() {
            return ints.count;
        }

        @Override
        public int get(int index) {
            return ints.get(index);
        }

        @Override
        public long version(int index) {
            return firstVersion + index;
        }
    }

    /** Goes through all records in their order. */
    private final class Records implements Iterator<KeyRun> {
        private int next;
        private int left = keys;

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public KeyRun next() {
            if (left-- == 0) {
                throw new NoSuchElementException();
            }
            int record = next;
            next = end(record);
            return new Run(KeyTable.this, record);
        }
    }

    private record Run(KeyTable table, int record) implements KeyRun {
        @Override
        public long hash() {
            return table.file.getLong(record);
        }

        @Override
        public Key key() {
            return new Key(table.kind(record), table.name(record), hash());
        }

        @Override
        public long firstVersion() {
            return table.file.getLong(record + 16);
        }

        @Override
        public int count() {
            return table.count(record);
        }

        @Override
        public void forEachOrdinal(OrdinalSink sink) throws IOException {
            switch (table.postings(record)) {
                case OrdinalsBitmap ordinals -> ordinals.forEach(sink);
                case Ints ints -> {
                    for (int i = 0; i < ints.count; i++) {
                        sink.take(ints.get(i));
                    }
                }
            }
        }

        @Override
        public IntToLongFunction ids() {
            int ids = table.ids(record);
            return i -> table.file.getLong(ids + Long.BYTES * i);
        }
    }
}
