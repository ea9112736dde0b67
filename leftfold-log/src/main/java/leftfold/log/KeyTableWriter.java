// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmapWriter;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Writes a {@link KeyTable} from one index or several that follow each other. Confined to one thread. */
final class KeyTableWriter {
    private static final int ROARING_COUNT_MIN = 128;
    private static final int KEYS_PER_BEGINNING = 4;
    private static final int KEYS_PER_LOOK = 1_024;

    private final IndexFile.Writer out;
    private final List<Cursor> cursors = new ArrayList<>();
    private final long firstPosition;
    private int keys;

    /** What is to be written: the header but for what only the writer knows. */
    record Target(UUID logId, long firstPosition, long nextPosition, long lineage, int level) {
        String file() {
            return KeyTable.file(firstPosition, nextPosition - 1);
        }
    }

    private static final class Cursor {
        private final KeyRun.Source source;
        private final int shift; // from its ordinals to those of the file
        private @Nullable KeyRun run;

        Cursor(KeyRun.Source source, long firstPosition) {
            this.source = source;
            this.shift = Math.toIntExact(source.firstPosition() - firstPosition);
            advance();
        }

        void advance() {
            run = source.runs().hasNext() ? source.runs().next() : null;
        }
    }

    private KeyTableWriter(IndexFile.Writer out, Target target, List<KeyRun.Source> sources) {
        this.out = out;
        this.firstPosition = target.firstPosition();
        sources.forEach(source -> cursors.add(new Cursor(source, firstPosition)));
    }

    /**
     * Writes the file; returns false, leaving none, if {@code cancelled} says so before it is complete.
     *
     * @param sources in the order of their positions
     */
    static boolean write(Directory directory, Target target, List<KeyRun.Source> sources, BooleanSupplier cancelled)
            throws IOException {
        try (IndexFile.Writer out = new IndexFile.Writer(directory, target.file())) {
            KeyTableWriter writer = new KeyTableWriter(out, target, sources);
            if (!writer.writeRecords(cancelled)) {
                return false;
            }
            int bits = writer.writeDictionary();
            out.finish(new IndexFile.Header(
                    IndexFile.KEYS,
                    target.logId(),
                    target.firstPosition(),
                    target.nextPosition(),
                    target.lineage(),
                    out.length(),
                    writer.keys,
                    bits | (long) target.level() << 8));
            return true;
        }
    }

    private boolean writeRecords(BooleanSupplier cancelled) throws IOException {
        List<Cursor> same = new ArrayList<>();
        for (KeyRun run = takeSmallest(same); run != null; run = takeSmallest(same)) {
            if (keys++ % KEYS_PER_LOOK == 0 && cancelled.getAsBoolean()) {
                return false;
            }
            writeRecord(run.key(), run.firstVersion(), same);
            same.forEach(Cursor::advance);
        }
        return true;
    }

    /** Fills {@code same} with the cursors that stand at the smallest key, and returns that of the first. */
    private @Nullable KeyRun takeSmallest(List<Cursor> same) {
        same.clear();
        KeyRun smallest = null;
        for (Cursor cursor : cursors) {
            KeyRun run = cursor.run;
            if (run != null) {
                int order = smallest == null ? -1 : KeyRun.compare(run, smallest);
                if (order < 0) {
                    same.clear();
                    smallest = run;
                }
                if (order <= 0) {
                    same.add(cursor);
                }
            }
        }
        return smallest;
    }

    private void writeRecord(Key key, long firstVersion, List<Cursor> parts) throws IOException {
        int count = 0;
        for (Cursor part : parts) {
            count = Math.addExact(count, run(part).count());
        }
        MutableRoaringBitmap bitmap = key.kind() == Key.STREAM || count < ROARING_COUNT_MIN ? null : bitmap(parts);
        int ordinalsLength = Integer.BYTES * count;
        if (bitmap != null && bitmap.serializedSizeInBytes() < ordinalsLength) {
            ordinalsLength = bitmap.serializedSizeInBytes();
        } else {
            bitmap = null;
        }
        int form = bitmap == null ? KeyTable.ORDINALS_INTS : KeyTable.ORDINALS_ROARING;
        out.putLong(key.hash());
        out.putInt(count);
        out.putInt(key.name().length | key.kind() << 16 | form << 24);
        out.putLong(firstVersion);
        out.putInt(ordinalsLength);
        out.putInt(0);
        out.put(ByteBuffer.wrap(key.name()));
        out.align(Long.BYTES);
        if (bitmap == null) {
            writeOrdinals(parts);
        } else {
            ByteBuffer bytes = ByteBuffer.allocate(ordinalsLength).order(ByteOrder.LITTLE_ENDIAN);
            bitmap.serialize(bytes);
            out.put(bytes.flip());
        }
        out.align(Long.BYTES);
        if (key.kind() == Key.STREAM) {
            writeIds(parts, count);
        }
    }

    private static MutableRoaringBitmap bitmap(List<Cursor> parts) throws IOException {
        RoaringBitmapWriter<MutableRoaringBitmap> bitmap =
                RoaringBitmapWriter.bufferWriter().get();
        for (Cursor part : parts) {
            run(part).forEachOrdinal(ordinal -> bitmap.add(ordinal + part.shift));
        }
        MutableRoaringBitmap all = bitmap.get();
        all.runOptimize();
        return all;
    }

    private void writeOrdinals(List<Cursor> parts) throws IOException {
        for (Cursor part : parts) {
            run(part).forEachOrdinal(ordinal -> out.putInt(ordinal + part.shift));
        }
    }

    /** Merges the ids of all parts; an index counts on from part to part. */
    private void writeIds(List<Cursor> parts, int count) throws IOException {
        IntToLongFunction[] ids = new IntToLongFunction[parts.size()];
        int[] next = new int[parts.size()];
        int[] before = new int[parts.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = run(parts.get(i)).ids();
            before[i] = i == 0 ? 0 : before[i - 1] + run(parts.get(i - 1)).count();
        }
        for (int written = 0; written < count; written++) {
            int smallest = -1;
            long value = 0;
            for (int i = 0; i < ids.length; i++) {
                if (next[i] < run(parts.get(i)).count()) {
                    long candidate = ids[i].applyAsLong(next[i]) + before[i];
                    if (smallest < 0 || candidate < value) {
                        smallest = i;
                        value = candidate;
                    }
                }
            }
            next[smallest]++;
            out.putLong(value);
        }
    }

    /** Writes dictionary and directory, reading the records once more rather than keeping them all in memory. */
    private int writeDictionary() throws IOException {
        ByteBuffer records = out.soFar();
        int bits = 1;
        while (bits < 28 && 1 << bits < keys / KEYS_PER_BEGINNING) {
            bits++;
        }
        int[] before = new int[(1 << bits) + 1];
        int at = 0;
        int beginning = 0;
        for (int key = 0; key < keys; key++) {
            long hash = records.getLong(at);
            int own = (int) (hash >>> (Long.SIZE - bits));
            while (beginning < own) {
                before[++beginning] = key;
            }
            out.putLong((hash & 0xffffff) << KeyTable.OFFSET_BITS | at >>> 3);
            at = end(records, at);
        }
        while (beginning < 1 << bits) {
            before[++beginning] = keys;
        }
        for (int value : before) {
            out.putInt(value);
        }
        return bits;
    }

    private static int end(ByteBuffer records, int record) {
        int name = FrameBuffer.alignUp(records.getInt(record + 12) & 0xffff, Long.BYTES);
        int ordinals = FrameBuffer.alignUp(records.getInt(record + 24), Long.BYTES);
        boolean stream = (records.getInt(record + 12) >>> 16 & 0xff) == Key.STREAM;
        return record
                + KeyTable.RECORD_HEADER_BYTES
                + name
                + ordinals
                + (stream ? Long.BYTES * records.getInt(record + 8) : 0);
    }

    private static KeyRun run(Cursor cursor) {
        KeyRun run = cursor.run;
        if (run == null) {
            throw new AssertionError("a cursor past its end is among the smallest");
        }
        return run;
    }
}
