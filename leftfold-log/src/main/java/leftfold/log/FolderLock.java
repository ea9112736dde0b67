// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps every other process and every other store in this one out of a folder. The system's lock of a file says who
 * comes first, but a process that closes any other descriptor of that file, as a backup in it does, gives the lock up,
 * and somebody can delete the file. So a second file says which process has the folder open, and holds while it lives.
 */
final class FolderLock implements Closeable {
    /** The file that is locked; it is empty. */
    static final String FILE = "lock";

    /** The file that says who has the folder open: process id, when the process began, and which folder is meant. */
    static final String OWNER_FILE = "owner";

    /** Who has closed a folder writes this over the owner file's beginning, which no full disk prevents. */
    private static final byte[] NOBODY = {'0', '\n'};

    /** A process sees when another one began by a clock that may have been set in between. */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    /** Folders open in this process. A file lock belongs to the process and cannot tell its own stores apart. */
    private static final Set<Object> OPEN_FOLDERS = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final Object key;
    private final FileChannel channel;

    /**
     * Locks {@code folder}.
     *
     * @throws Directory.InUseException if it is taken
     */
    FolderLock(Path folder) throws IOException {
        this.folder = folder;
        this.key = key(folder);
        if (!OPEN_FOLDERS.add(key)) {
            throw inUse("this process (" + ProcessHandle.current().pid() + ")");
        }
        try {
            this.channel = FileChannel.open(folder.resolve(FILE), WRITE, CREATE);
        } catch (IOException | RuntimeException | Error e) {
            OPEN_FOLDERS.remove(key);
            throw e;
        }
        try {
            lock();
        } catch (IOException | RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try (RandomAccessFile file = ownerFile()) {
            file.write(NOBODY);
            file.setLength(NOBODY.length);
        } finally {
            release();
        }
    }

    private void lock() throws IOException {
        String[] owner = owner();
        try {
            if (channel.tryLock() == null) {
                throw inUse("process " + owner[0]);
            }
        } catch (OverlappingFileLockException e) {
            throw inUse("this process (" + ProcessHandle.current().pid() + ")");
        }
        if (isAlive(owner)) {
            throw inUse("process " + owner[0]);
        }
        ProcessHandle self = ProcessHandle.current();
        byte[] text = (self.pid() + " " + start(self).toEpochMilli() + " " + key + "\n").getBytes(UTF_8);
        try (RandomAccessFile file = ownerFile()) {
            file.write(text); // over the last one: a full disk has room for no more
            file.setLength(text.length);
        }
    }

    /** Returns the three fields of the owner file; what is missing is empty. */
    private String[] owner() throws IOException {
        Path file = folder.resolve(OWNER_FILE);
        String text = Files.exists(file) ? Files.readString(file, ISO_8859_1).strip() : ""; // a crash leaves any bytes
        String[] fields = text.split("\\s", 3);
        return fields.length == 3 ? fields : new String[] {fields[0], "", ""};
    }

    /** Returns whether another process that lives has this very folder open, not the one that this is a copy of. */
    private boolean isAlive(String[] owner) {
        try {
            long pid = Long.parseLong(owner[0]);
            Instant start = Instant.ofEpochMilli(Long.parseLong(owner[1]));
            return pid != ProcessHandle.current().pid()
                    && owner[2].equals(key.toString())
                    && ProcessHandle.of(pid)
                            .filter(process -> process.isAlive() && !isZombie(pid))
                            .filter(process -> isNear(start(process), start))
                            .isPresent();
        } catch (NumberFormatException e) {
            return false; // nobody, or a process that was killed while it wrote this
        }
    }

    /** Returns whether a process was ended and only its parent has not noticed yet: it holds nothing any more. */
    private static boolean isZombie(long pid) {
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/stat"), ISO_8859_1);
            return status.startsWith("Z", status.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false; // not a system that tells
        }
    }

    private static boolean isNear(Instant one, Instant other) {
        return Duration.between(one, other).abs().compareTo(START_TOLERANCE) < 0;
    }

    private static Instant start(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    /** Returns what tells a folder from its copies and is the same by whatever path it is reached. */
    private static Object key(Path folder) throws IOException {
        Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
        return key == null ? folder : key;
    }

    /** Returns the open file, which an interrupt of its user does not close. */
    private RandomAccessFile ownerFile() throws IOException {
        return new RandomAccessFile(folder.resolve(OWNER_FILE).toFile(), "rw");
    }

    private void release() throws IOException {
        try {
            channel.close();
        } finally {
            OPEN_FOLDERS.remove(key);
        }
    }

    private Directory.InUseException inUse(String holder) {
        return new Directory.InUseException(
                folder + " is in use by " + holder + "; stop it first, or use another folder");
    }
}
