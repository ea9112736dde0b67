// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A folder on a simulated disk. What was written but not synced survives a power cut in any subset of its sectors, see
 * {@link SimFile.Loss}, and so does the length of a file; of names that were not synced, any subset survives. Any call
 * can be made to fail, and then has had a part of its effect, or all of it. Safe for use by many threads only as far as
 * the engine's own order of calls makes it so.
 */
final class SimDirectory implements Directory {
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

    /** Decides what the n-th call does, counted from 1. */
    interface Faults {
        Faults NONE = (call, what) -> {};

        /**
         * Returns if the call is to succeed.
         *
         * @throws IOException if the call is to fail after a part of its effect
         * @throws Refused if it is to fail without any
         */
        void before(int call, String what) throws IOException;
    }

    /** A call that failed and had no effect. */
    static final class Refused extends IOException {
        Refused(String message) {
            super(message);
        }
    }

    private final Map<String, SimFile> names = new TreeMap<>();
    private final Map<String, SimFile> syncedNames = new TreeMap<>();
    private final List<NameChange> unsyncedNames = new ArrayList<>();
    private final RandomGenerator random;
    private Faults faults = Faults.NONE;
    private Function<String, Loader> loaders = name -> Loader.NONE;
    private int calls;
    private int openFiles;
    private boolean locked;
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;

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

    /** Says of each file, by name, what of it is in memory. */
    void loaders(Function<String, Loader> others) {
        loaders = others;
    }

    /** Returns the number of calls so far. */
    int calls() {
        return calls;
    }

    /** Returns the number of files that are open, the lock among them. */
    int openFiles() {
        return openFiles + (locked ? 1 : 0);
    }

    /** Returns the disk as it may be after a power cut at this moment, on a disk with power-safe overwrite. */
    SimDirectory afterPowerCut() {
        SimFile.Loss[] losses = SimFile.Loss.values();
        return afterPowerCut(Choice.random(random), losses[random.nextInt(losses.length - 1)]);
    }

    /** Returns the disk as it may be after a power cut at this moment. */
    SimDirectory afterPowerCut(Choice choice, SimFile.Loss loss) {
        SimDirectory after = new SimDirectory(random);
        Map<String, SimFile> surviving = syncedNames;
        if (!unsyncedNames.isEmpty()) {
            surviving = new TreeMap<>(syncedNames);
            for (NameChange change : unsyncedNames) {
                if (choice.of(2) == 1) {
                    change.applyTo(surviving);
                }
            }
        }
        surviving.forEach((name, file) -> after.names.put(name, file.afterPowerCut(choice, loss)));
        after.syncedNames.putAll(after.names);
        return after;
    }

    /** Returns the disk as another process finds it after this one was killed: nothing written is lost. */
    SimDirectory afterKill() {
        SimDirectory after = new SimDirectory(random);
        Map<SimFile, SimFile> copies = new HashMap<>();
        names.forEach((name, file) -> after.names.put(name, copies.computeIfAbsent(file, SimFile::copy)));
        syncedNames.forEach((name, file) -> after.syncedNames.put(name, copies.computeIfAbsent(file, SimFile::copy)));
        for (NameChange change : unsyncedNames) {
            SimFile copy = change.file == null ? null : copies.computeIfAbsent(change.file, SimFile::copy);
            after.unsyncedNames.add(new NameChange(change.added, copy, change.removed));
        }
        return after;
    }

    /** Returns a disk with the same files, of which {@code changing} may be changed and the others are not to be. */
    SimDirectory sharing(Set<String> changing) {
        SimDirectory other = new SimDirectory(random);
        names.forEach((name, file) -> other.names.put(name, changing.contains(name) ? file.copy() : file.sharing()));
        other.syncedNames.putAll(other.names);
        return other;
    }

    @Override
    public String name() {
        return "sim";
    }

    @Override
    public List<String> list() throws IOException {
        change("list");
        return List.copyOf(names.keySet());
    }

    @Override
    public OpenFile create(String name, long size) throws IOException {
        change("create " + name);
        SimFile file = names.get(name);
        if (file == null) {
            file = new SimFile((int) size);
            change(new NameChange(name, file, null));
        } else {
            file.createAnew((int) size);
        }
        return new SimOpenFile(file, name);
    }

    @Override
    public OpenFile open(String name) throws IOException {
        change("open " + name);
        return new SimOpenFile(file(name), name);
    }

    @Override
    public ByteBuffer view(String name) throws IOException {
        change("view " + name);
        return ByteBuffer.wrap(file(name).bytes()).asReadOnlyBuffer();
    }

    @Override
    public Loader loader(String name) {
        return loaders.apply(name);
    }

    @Override
    public boolean isStored(String name, ByteBuffer bytes, long offset) {
        SimFile file = names.get(name);
        return file != null && file.isStored(bytes, (int) offset);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        IOException failure = failure("rename " + from);
        if (failure == null || (!(failure instanceof Refused) && random.nextBoolean())) {
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
        if (holding) {
            held.add(work);
        } else {
            work.run();
        }
    }

    /** Keeps back what is to run beside others, until {@link #releaseBeside}. */
    void holdBeside() {
        holding = true;
    }

    void releaseBeside() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
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
        return file(name).bytes();
    }

    /** Returns the bytes of the seal of a segment, to damage them. */
    ByteBuffer seal(String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(name)).order(ByteOrder.LITTLE_ENDIAN);
        int offset =
                Objects.requireNonNull(Frame.lastSeal(bytes, bytes.getLong(32))).offset();
        return bytes.slice(offset, Frame.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the name of the segment with the highest number. */
    String lastSegment() {
        return names().stream()
                .filter(name -> Segment.number(name) > 0)
                .sorted()
                .toList()
                .getLast();
    }

    /** Cuts a file, or has it grow, behind the engine's back. */
    void resize(String name, int size) throws IOException {
        file(name).resize(size);
    }

    /** Returns the names of the files. */
    Set<String> names() {
        return Set.copyOf(names.keySet());
    }

    /** Removes a file behind the engine's back. */
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
                int written = failure instanceof Refused ? 0 : random.nextInt(bytes.remaining() + 1);
                bytes.limit(bytes.position() + written);
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
