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
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A folder on a simulated disk. What was written but not synced survives a power cut in any subset of its sectors;
 * names that were not synced survive up to any point; and any call can be made to fail. Safe for use by many threads
 * only as far as the engine's own order of calls makes it so.
 */
final class SimDirectory implements Directory {
    private static final int SECTOR_BYTES = 512;

    /** Decides what the n-th call that changes the disk does, counted from 1. */
    interface Faults {
        Faults NONE = (call, what) -> {};

        void before(int call, String what) throws IOException;
    }

    private final Map<String, SimFile> names = new TreeMap<>();
    private final List<Map<String, SimFile>> unsyncedNames = new ArrayList<>();
    private Map<String, SimFile> syncedNames = Map.of();
    private Faults faults = Faults.NONE;
    private int calls;
    private boolean locked;

    void faults(Faults other) {
        faults = other;
    }

    int calls() {
        return calls;
    }

    /** Returns the disk as it may be after a power cut at this moment. */
    SimDirectory afterPowerCut(RandomGenerator random) {
        SimDirectory after = new SimDirectory();
        int survived = random.nextInt(unsyncedNames.size() + 1);
        Map<String, SimFile> surviving = survived == 0 ? syncedNames : unsyncedNames.get(survived - 1);
        surviving.forEach((name, file) -> after.names.put(name, file.afterPowerCut(random)));
        after.syncedNames = Map.copyOf(after.names);
        return after;
    }

    /** Returns the disk as another process finds it after this one was killed: nothing written is lost. */
    SimDirectory afterKill() {
        SimDirectory after = new SimDirectory();
        Map<SimFile, SimFile> copies = new HashMap<>();
        names.forEach((name, file) -> after.names.put(name, copies.computeIfAbsent(file, SimFile::afterKill)));
        after.syncedNames = copies(syncedNames, copies);
        unsyncedNames.forEach(state -> after.unsyncedNames.add(copies(state, copies)));
        return after;
    }

    private static Map<String, SimFile> copies(Map<String, SimFile> state, Map<SimFile, SimFile> copies) {
        Map<String, SimFile> copied = new TreeMap<>();
        state.forEach((name, file) -> copied.put(name, copies.computeIfAbsent(file, SimFile::afterKill)));
        return copied;
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
        names.put(name, file);
        namesChanged();
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
        change("rename " + from);
        names.put(to, file(from));
        names.remove(from);
        namesChanged();
    }

    @Override
    public void delete(String name) throws IOException {
        change("delete " + name);
        names.remove(name);
        namesChanged();
    }

    @Override
    public void sync() throws IOException {
        change("sync of the folder");
        syncedNames = Map.copyOf(names);
        unsyncedNames.clear();
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
        syncedNames = Map.copyOf(names);
    }

    private void change(String what) throws IOException {
        calls++;
        faults.before(calls, what);
    }

    private void namesChanged() {
        unsyncedNames.add(Map.copyOf(names));
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
     * forgets that its sectors are still to be written, as Linux does: no later sync writes them.
     */
    private static final class SimFile {
        private final byte[] bytes;
        private final Map<Integer, byte[]> unsynced = new HashMap<>();
        private final Map<Integer, byte[]> forgotten = new HashMap<>();

        SimFile(int size) {
            this(new byte[size]);
            for (int sector = 0; sector * SECTOR_BYTES < size; sector++) {
                unsynced.put(sector, new byte[Math.min(SECTOR_BYTES, size - sector * SECTOR_BYTES)]);
            }
        }

        private SimFile(byte[] bytes) {
            this.bytes = bytes;
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
        }

        void failedSync() {
            forgotten.putAll(unsynced);
            unsynced.clear();
        }

        SimFile afterPowerCut(RandomGenerator random) {
            SimFile after = new SimFile(bytes.clone());
            forgotten.forEach((sector, onDisk) -> after.restore(sector, onDisk));
            int mode = random.nextInt(4);
            unsynced.forEach((sector, onDisk) -> {
                boolean lost = mode == 0 || (mode > 1 && random.nextBoolean());
                if (lost) {
                    after.restore(sector, onDisk);
                }
            });
            return after;
        }

        SimFile afterKill() {
            SimFile after = new SimFile(bytes.clone());
            after.unsynced.putAll(unsynced);
            after.forgotten.putAll(forgotten);
            return after;
        }

        private void restore(int sector, byte[] onDisk) {
            System.arraycopy(onDisk, 0, bytes, sector * SECTOR_BYTES, onDisk.length);
        }
    }

    private final class SimOpenFile implements OpenFile {
        private final SimFile file;
        private final String name;

        SimOpenFile(SimFile file, String name) {
            this.file = file;
            this.name = name;
        }

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            change("write to " + name);
            file.write(bytes, (int) offset);
        }

        @Override
        public void sync() throws IOException {
            try {
                change("sync of " + name);
            } catch (IOException e) {
                file.failedSync();
                throw e;
            }
            file.sync();
        }

        @Override
        public void close() {}
    }
}
