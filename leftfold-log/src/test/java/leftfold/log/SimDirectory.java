// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A folder on a simulated disk. What was written but not synced survives a power cut in any subset of its sectors, some
 * of them torn, and so does the length of a file; of names that were not synced, any subset survives. Any call can be
 * made to fail, and then has had a part of its effect, or all of it. Safe for use by many threads
 * only as far as the engine's own order of calls makes it so.
 */
final class SimDirectory implements Directory {
    private static final int SECTOR_BYTES = 512;
    private static final int TEAR_BYTES = 8;

    /** A file got a name, and lost one; null for none. */
    private record NameChange(
            @Nullable String added,
            @Nullable SimFile file,
            @Nullable String removed) {
        void applyTo(Map<String, SimFile> folder) {
            if (removed != null) {
                folder.remove(removed);
            }
            if (added != null && file != null) {
                folder.put(added, file);
            }
        }
    }

    /** Decides what the n-th call that changes the disk does, counted from 1. */
    interface Faults {
        Faults NONE = (call, what) -> {};

        void before(int call, String what) throws IOException;
    }

    private final Map<String, SimFile> names = new TreeMap<>();
    private final Map<String, SimFile> syncedNames = new TreeMap<>();
    private final List<NameChange> unsyncedNames = new ArrayList<>();
    private final RandomGenerator random;
    private Faults faults = Faults.NONE;
    private int calls;
    private int openFiles;
    private boolean locked;

    SimDirectory() {
        this(new SplittableRandom(1));
    }

    /** Creates an empty folder; {@code random} decides what a call that fails has done all the same. */
    SimDirectory(RandomGenerator random) {
        this.random = random;
    }

    void faults(Faults other) {
        faults = other;
    }

    int calls() {
        return calls;
    }

    /** Returns the number of files that are open, the lock among them. */
    int openFiles() {
        return openFiles + (locked ? 1 : 0);
    }

    /** Returns the disk as it may be after a power cut at this moment. */
    SimDirectory afterPowerCut() {
        SimDirectory after = new SimDirectory(random);
        Map<String, SimFile> surviving = new TreeMap<>(syncedNames);
        for (NameChange change : unsyncedNames) {
            if (random.nextBoolean()) {
                change.applyTo(surviving);
            }
        }
        surviving.forEach((name, file) -> after.names.put(name, file.afterPowerCut(random)));
        after.syncedNames.putAll(after.names);
        return after;
    }

    /** Returns the disk as another process finds it after this one was killed: nothing written is lost. */
    SimDirectory afterKill() {
        SimDirectory after = new SimDirectory(random);
        Map<SimFile, SimFile> copies = new HashMap<>();
        names.forEach((name, file) -> after.names.put(name, copies.computeIfAbsent(file, SimFile::afterKill)));
        syncedNames.forEach(
                (name, file) -> after.syncedNames.put(name, copies.computeIfAbsent(file, SimFile::afterKill)));
        for (NameChange change : unsyncedNames) {
            SimFile copy = change.file == null ? null : copies.computeIfAbsent(change.file, SimFile::afterKill);
            after.unsyncedNames.add(new NameChange(change.added, copy, change.removed));
        }
        return after;
    }

    @Override
    public String name() {
        return "sim";
    }

    @Override
    public List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public OpenFile create(String name, long size) throws IOException {
        change("create " + name);
        SimFile file = new SimFile((int) size);
        change(new NameChange(name, file, null));
        return new SimOpenFile(file, name);
    }

    @Override
    public OpenFile open(String name) throws IOException {
        return new SimOpenFile(file(name), name);
    }

    @Override
    public ByteBuffer view(String name) throws IOException {
        return ByteBuffer.wrap(file(name).bytes).asReadOnlyBuffer();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        IOException failure = failure("rename " + from);
        if (failure == null || random.nextBoolean()) {
            change(new NameChange(to, file(from), from));
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void delete(String name) throws IOException {
        change("delete " + name);
        change(new NameChange(null, null, name));
    }

    @Override
    public void sync() throws IOException {
        change("sync of the folder");
        syncedNames.clear();
        syncedNames.putAll(names);
        unsyncedNames.clear();
    }

    @Override
    public void runBeside(Runnable work) {
        work.run();
    }

    @Override
    public Closeable lock() throws IOException {
        if (locked) {
            throw new InUseException("sim is in use");
        }
        locked = true;
        return () -> locked = false;
    }

    /** Returns the bytes of a file, to damage them. */
    byte[] bytes(String name) throws IOException {
        return file(name).bytes;
    }

    void remove(String name) {
        names.remove(name);
        syncedNames.remove(name);
    }

    private void change(String what) throws IOException {
        IOException failure = failure(what);
        if (failure != null) {
            throw failure;
        }
    }

    /** Counts a call and returns how it fails; null if it does not. */
    private @Nullable IOException failure(String what) {
        calls++;
        try {
            faults.before(calls, what);
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private void change(NameChange change) {
        change.applyTo(names);
        unsyncedNames.add(change);
    }

    private SimFile file(String name) throws IOException {
        SimFile file = names.get(name);
        if (file == null) {
            throw new FileNotFoundException(name);
        }
        return file;
    }

    /**
     * A file: what readers see, and for each sector that differs from the disk, what the disk has. A sync that fails
     * forgets of some of its sectors that they are still to be written, as Linux does: no later sync writes them.
     */
    private static final class SimFile {
        private final byte[] bytes;
        private final Map<Integer, byte[]> unsynced = new HashMap<>();
        private final Map<Integer, byte[]> forgotten = new HashMap<>();
        private boolean lengthSynced;

        SimFile(int size) {
            this(new byte[size], false);
            for (int sector = 0; sector * SECTOR_BYTES < size; sector++) {
                unsynced.put(sector, new byte[Math.min(SECTOR_BYTES, size - sector * SECTOR_BYTES)]);
            }
        }

        private SimFile(byte[] bytes, boolean lengthSynced) {
            this.bytes = bytes;
            this.lengthSynced = lengthSynced;
        }

        void write(ByteBuffer source, int offset) {
            int length = source.remaining();
            for (int sector = offset / SECTOR_BYTES; sector * SECTOR_BYTES < offset + length; sector++) {
                int start = sector * SECTOR_BYTES;
                byte[] onDisk = forgotten.remove(sector);
                if (onDisk == null) {
                    onDisk = Arrays.copyOfRange(bytes, start, Math.min(start + SECTOR_BYTES, bytes.length));
                }
                unsynced.putIfAbsent(sector, onDisk);
            }
            source.get(bytes, offset, length);
        }

        void sync() {
            unsynced.clear();
            lengthSynced = true;
        }

        void failedSync(RandomGenerator random) {
            unsynced.forEach((sector, onDisk) -> {
                if (random.nextInt(4) > 0) {
                    forgotten.put(sector, onDisk);
                }
            });
            unsynced.clear();
        }

        SimFile afterPowerCut(RandomGenerator random) {
            int length = lengthSynced || random.nextBoolean() ? bytes.length : random.nextInt(bytes.length + 1);
            SimFile after = new SimFile(Arrays.copyOf(bytes, length), true);
            forgotten.forEach((sector, onDisk) -> after.restore(sector, onDisk, 0, SECTOR_BYTES));
            int mode = random.nextInt(5);
            unsynced.forEach((sector, onDisk) -> {
                if (mode == 4) {
                    after.tear(sector, onDisk, random);
                } else if (mode == 0 || (mode > 1 && random.nextBoolean())) {
                    after.restore(sector, onDisk, 0, SECTOR_BYTES);
                }
            });
            return after;
        }

        SimFile afterKill() {
            SimFile after = new SimFile(bytes.clone(), lengthSynced);
            after.unsynced.putAll(unsynced);
            after.forgotten.putAll(forgotten);
            return after;
        }

        private void tear(int sector, byte[] onDisk, RandomGenerator random) {
            for (int offset = 0; offset < SECTOR_BYTES; offset += TEAR_BYTES) {
                if (random.nextBoolean()) {
                    restore(sector, onDisk, offset, TEAR_BYTES);
                }
            }
        }

        /** Puts back bytes of a sector as the disk has them, where the file is long enough. */
        private void restore(int sector, byte[] onDisk, int offset, int length) {
            int start = sector * SECTOR_BYTES + offset;
            int end = Math.min(start + length, Math.min(bytes.length, sector * SECTOR_BYTES + onDisk.length));
            if (start < end) {
                System.arraycopy(onDisk, offset, bytes, start, end - start);
            }
        }
    }

    private final class SimOpenFile implements OpenFile {
        private final SimFile file;
        private final String name;

        private boolean closed;

        SimOpenFile(SimFile file, String name) {
            this.file = file;
            this.name = name;
            openFiles++;
        }

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            IOException failure = failure("write to " + name);
            if (failure != null) {
                bytes.limit(bytes.position() + random.nextInt(bytes.remaining() + 1));
            }
            file.write(bytes, (int) offset);
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void sync() throws IOException {
            try {
                change("sync of " + name);
            } catch (IOException e) {
                file.failedSync(random);
                throw e;
            }
            file.sync();
        }

        @Override
        public void close() {
            openFiles -= closed ? 0 : 1;
            closed = true;
        }
    }
}
