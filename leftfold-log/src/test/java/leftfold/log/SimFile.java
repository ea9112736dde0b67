// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A file of a simulated disk: what readers see, and for each sector that differs from the disk what it has held since
 * the last sync, the disk's own content first. A sync that fails forgets of some of its sectors that they are still to
 * be written, as Linux does: no later sync writes them.
 */
final class SimFile {
    static final int SECTOR_BYTES = 512;
    private static final int TEAR_BYTES = 8;
    private static final byte[] ZEROS = new byte[SECTOR_BYTES];

    /** How a power cut treats sectors that are not synced. */
    enum Loss {
        /** All are lost. */
        ALL,
        /** None is lost. */
        NONE,
        /** Each is as it was after any of its writes, or before. */
        ANY,
        /** Any 8 bytes are as they were after any write, or, if the writes changed them, garbage. */
        TORN,
        /** As {@link #ANY}; and some are garbage as a whole: a disk without power-safe overwrite. */
        DESTROYED
    }

    private final Map<Integer, List<byte[]>> unsynced;
    private final Map<Integer, byte[]> forgotten;
    private final List<byte[]> viewed = new ArrayList<>(); // outgrown, but seen by those who view the file
    private byte[] bytes;
    private int lengthOnDisk;
    private boolean shared; // the bytes belong to another file, too: who writes gets bytes of its own
    private @Nullable SimFile replaced; // what was here before it was created anew, until that is synced

    /** Creates a file of {@code size} zeros, of which the disk has none. */
    SimFile(int size) {
        this(new byte[size], 0, new TreeMap<>(), new HashMap<>());
        fresh();
    }

    private SimFile(byte[] bytes, int lengthOnDisk, Map<Integer, List<byte[]>> unsynced, Map<Integer, byte[]> lost) {
        this.bytes = bytes;
        this.lengthOnDisk = lengthOnDisk;
        this.unsynced = unsynced;
        this.forgotten = lost;
    }

    /** Returns what readers see; not a copy. */
    byte[] bytes() {
        return bytes;
    }

    /** Cuts or grows the file, behind the engine's back. */
    void resize(int size) {
        bytes = Arrays.copyOf(bytes, size);
        lengthOnDisk = size;
    }

    /** Returns a synced file with the same bytes, which are copied once it is written; views of it do not show that. */
    SimFile sharing() {
        SimFile other = new SimFile(bytes, bytes.length, new TreeMap<>(), new HashMap<>());
        other.shared = true;
        return other;
    }

    /** Cuts the file to nothing and fills it with {@code size} zeros. */
    void createAnew(int size) {
        replaced = copy();
        bytes = new byte[size];
        lengthOnDisk = 0;
        unsynced.clear();
        forgotten.clear();
        fresh();
    }

    private void fresh() {
        for (int sector = 0; sector * SECTOR_BYTES < bytes.length; sector++) {
            unsynced.put(sector, new ArrayList<>(List.of(ZEROS)));
        }
    }

    void write(ByteBuffer source, int offset) {
        int length = source.remaining();
        if (shared) {
            bytes = bytes.clone();
            shared = false;
        }
        if (offset + length > bytes.length) {
            viewed.add(bytes);
            bytes = Arrays.copyOf(bytes, offset + length);
        }
        touch(offset, length);
        source.get(bytes, offset, length);
        for (byte[] old : viewed) {
            int seen = Math.min(length, old.length - offset);
            if (seen > 0) {
                System.arraycopy(bytes, offset, old, offset, seen);
            }
        }
    }

    /** Returns whether the disk has these bytes, or gets them with the next sync. */
    boolean isStored(ByteBuffer expected, int offset) {
        SimFile onDisk = new SimFile(bytes.clone(), lengthOnDisk, new TreeMap<>(), new HashMap<>());
        forgotten.forEach((sector, content) -> onDisk.put(sector, content, 0, SECTOR_BYTES));
        return ByteBuffer.wrap(onDisk.bytes, offset, expected.remaining()).equals(expected);
    }

    void sync() {
        unsynced.clear();
        lengthOnDisk = bytes.length;
        replaced = null;
    }

    void failedSync(RandomGenerator random) {
        unsynced.forEach((sector, versions) -> {
            if (random.nextInt(4) > 0) {
                forgotten.put(sector, versions.getFirst());
            }
        });
        unsynced.clear();
    }

    /** Returns the file as another process sees it, once this one is killed. */
    SimFile copy() {
        Map<Integer, List<byte[]>> versions = new TreeMap<>();
        unsynced.forEach((sector, contents) -> versions.put(sector, new ArrayList<>(contents)));
        SimFile copy = new SimFile(bytes.clone(), lengthOnDisk, versions, new HashMap<>(forgotten));
        copy.replaced = replaced;
        return copy;
    }

    /** Returns the file as it may be after a power cut. */
    SimFile afterPowerCut(Choice choice, Loss loss) {
        if (replaced != null && choice.of(2) == 0) {
            return replaced.afterPowerCut(choice, loss);
        }
        int length = bytes.length;
        if (lengthOnDisk != length) {
            length = switch (choice.of(3)) {
                case 0 -> length;
                case 1 -> lengthOnDisk;
                default -> Math.min(lengthOnDisk, length) + Math.abs(length - lengthOnDisk) / 2 + 3;
            };
        }
        SimFile after = new SimFile(Arrays.copyOf(bytes, length), length, new TreeMap<>(), new HashMap<>());
        if (!forgotten.isEmpty()) {
            forgotten.forEach((sector, onDisk) -> after.put(sector, onDisk, 0, SECTOR_BYTES));
        }
        if (loss != Loss.NONE) {
            unsynced.forEach((sector, versions) -> after.lose(sector, versions, choice, loss));
        }
        return after;
    }

    private void lose(int sector, List<byte[]> versions, Choice choice, Loss loss) {
        int current = versions.size();
        switch (loss) {
            case NONE -> {}
            case ALL -> put(sector, versions.getFirst(), 0, SECTOR_BYTES);
            case ANY -> {
                if (isUnchanged(sector, versions)) {
                    return;
                }
                int version = choice.of(current + 1);
                if (version < current) {
                    put(sector, versions.get(version), 0, SECTOR_BYTES);
                }
            }
            case TORN -> {
                byte[] newest = content(sector);
                for (int offset = 0; offset < SECTOR_BYTES; offset += TEAR_BYTES) {
                    tear(sector, offset, newest, versions.get(choice.of(current)), choice);
                }
            }
            case DESTROYED -> {
                int version = choice.of(current + 2);
                byte[] content = version > current ? garbage(choice) : null;
                if (version < current) {
                    content = versions.get(version);
                }
                if (content != null) {
                    put(sector, content, 0, SECTOR_BYTES);
                }
            }
        }
    }

    /** Returns whether a sector holds the same after each of its writes and before them. */
    private boolean isUnchanged(int sector, List<byte[]> versions) {
        byte[] content = content(sector);
        return versions.stream().allMatch(version -> Arrays.equals(version, content));
    }

    private void tear(int sector, int offset, byte[] newest, byte[] old, Choice choice) {
        boolean same = Arrays.equals(newest, offset, offset + TEAR_BYTES, old, offset, offset + TEAR_BYTES);
        if (!same) {
            switch (choice.of(5)) {
                case 0, 1 -> put(sector, old, offset, TEAR_BYTES);
                case 2 -> put(sector, garbage(choice), offset, TEAR_BYTES);
                default -> {}
            }
        }
    }

    private static byte[] garbage(Choice choice) {
        byte[] garbage = new byte[SECTOR_BYTES];
        for (int i = 0; i < SECTOR_BYTES; i++) {
            garbage[i] = (byte) choice.of(256);
        }
        return garbage;
    }

    /** Keeps what the sectors hold that are about to be written. */
    private void touch(int offset, int length) {
        for (int sector = offset / SECTOR_BYTES; sector * SECTOR_BYTES < offset + length; sector++) {
            byte[] lost = forgotten.remove(sector);
            List<byte[]> versions = unsynced.computeIfAbsent(sector, key -> new ArrayList<>(2));
            versions.add(lost == null ? content(sector) : lost);
        }
    }

    /** Returns a sector's content, as long as a whole one. */
    private byte[] content(int sector) {
        byte[] content = new byte[SECTOR_BYTES];
        int start = Math.min(sector * SECTOR_BYTES, bytes.length);
        System.arraycopy(bytes, start, content, 0, Math.min(bytes.length - start, SECTOR_BYTES));
        return content;
    }

    /** Puts bytes of {@code content} into a sector, where the file is long enough. */
    private void put(int sector, byte[] content, int offset, int length) {
        int start = sector * SECTOR_BYTES + offset;
        int room = Math.min(length, bytes.length - start);
        if (room > 0) {
            System.arraycopy(content, offset, bytes, start, room);
        }
    }
}
