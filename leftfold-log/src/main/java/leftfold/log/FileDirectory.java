// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder on a real disk. */
final class FileDirectory implements Directory {
    private static final int WRITE_BYTES_MAX = 1 << 20;

    private final Path folder;

    /** Opens {@code folder}, which exists. */
    FileDirectory(Path folder) throws IOException {
        this.folder = folder.toRealPath();
    }

    @Override
    public String name() {
        return folder.toString();
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public OpenFile create(String name, long size) throws IOException {
        Path file = folder.resolve(name);
        OpenFile created = open(file, Set.of(WRITE, CREATE, TRUNCATE_EXISTING));
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect(Math.clamp(size, 1, WRITE_BYTES_MAX));
            for (long offset = 0; offset < size; offset += zeros.capacity()) {
                created.write(zeros.clear().limit((int) Math.min(zeros.capacity(), size - offset)), offset);
            }
            return created;
        } catch (IOException | RuntimeException | Error e) {
            created.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    @Override
    public OpenFile open(String name) throws IOException {
        return open(folder.resolve(name), Set.of(WRITE));
    }

    private static OpenFile open(Path file, Set<OpenOption> options) throws IOException {
        return new ChannelFile(AsynchronousFileChannel.open(file, options, CallerRuns.EXECUTOR));
    }

    @Override
    public ByteBuffer view(String name) throws IOException {
        Path file = folder.resolve(name);
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) { // to open a pipe would wait for who writes to it
            throw new FileSystemException(file.toString(), null, "not a file");
        }
        if (attributes.size() > Integer.MAX_VALUE) {
            throw new FileSystemException(file.toString(), null, "longer than any file of a store");
        }
        try (FileChannel channel = FileChannel.open(file, READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }

    @Override
    public Loader loader(String name) {
        return new PageLoader(folder.resolve(name));
    }

    @Override
    public boolean isStored(String name, ByteBuffer bytes, long offset) {
        Path file = folder.resolve(name);
        try (FileChannel channel = FileChannel.open(file, READ, pastTheCache())) {
            int block = Math.toIntExact(Files.getFileStore(file).getBlockSize());
            ByteBuffer buffer =
                    ByteBuffer.allocateDirect(WRITE_BYTES_MAX + block).alignedSlice(block);
            for (int done = 0; done < bytes.remaining(); ) {
                long start = (offset + done) / block * block;
                int skipped = (int) (offset + done - start);
                int end = channel.read(buffer.clear().limit(WRITE_BYTES_MAX / block * block), start);
                int length = Math.min(end - skipped, bytes.remaining() - done);
                if (length <= 0
                        || !buffer.slice(skipped, length).equals(bytes.slice(bytes.position() + done, length))) {
                    return false;
                }
                done += length;
            }
            return true;
        } catch (IOException | ReflectiveOperationException | UnsupportedOperationException e) {
            return false; // not every file system can be read past the cache
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(folder.resolve(name));
    }

    @Override
    public void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, READ)) {
            channel.force(true);
        }
    }

    @Override
    public void runBeside(Runnable work) {
        Thread.ofPlatform().daemon().name("leftfold-log-beside").start(work);
    }

    @Override
    public Closeable lock() throws IOException {
        return new FolderLock(folder);
    }

    /** Returns the option of the JDK for O_DIRECT, which the compiler does not let anybody name without a warning. */
    private static OpenOption pastTheCache() throws ReflectiveOperationException {
        Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
        return (OpenOption) options.getField("DIRECT").get(null);
    }

    /**
     * A file behind a channel of its own, written in pieces that bound the memory outside the heap. The channel is of
     * the one kind that an interrupt of its user does not close.
     */
    private record ChannelFile(AsynchronousFileChannel channel) implements OpenFile {
        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            int end = bytes.limit();
            long at = offset;
            while (bytes.position() < end) {
                bytes.limit(Math.min(end, bytes.position() + WRITE_BYTES_MAX));
                at += CallerRuns.result(channel.write(bytes, at));
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
