// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A folder on a real disk that asks before each change whether it is to fail. Safe for use by many threads. */
final class WatchedDirectory implements Directory {
    private final Directory disk;
    private final Watch watch;

    /** Decides whether a change fails. */
    interface Watch {
        /** Returns if it is to succeed; {@code bytes} is how much it writes. */
        void before(String what, long bytes) throws IOException;

        /** Takes note that {@code bytes} of a file are compared with what the disk has. */
        default void compared(long bytes) {}

        /** Maps a file of {@code disk}. */
        default ByteBuffer view(Directory disk, String name) throws IOException {
            return disk.view(name);
        }
    }

    WatchedDirectory(Directory disk, Watch watch) {
        this.disk = disk;
        this.watch = watch;
    }

    @Override
    public String name() {
        return disk.name();
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public OpenFile create(String name, long size) throws IOException {
        watch.before("create", size);
        return new WatchedFile(disk.create(name, size));
    }

    @Override
    public OpenFile open(String name) throws IOException {
        return new WatchedFile(disk.open(name));
    }

    @Override
    public ByteBuffer view(String name) throws IOException {
        return watch.view(disk, name);
    }

    @Override
    public Loader loader(String name) {
        return disk.loader(name);
    }

    @Override
    public boolean isStored(String name, ByteBuffer bytes, long offset) {
        watch.compared(bytes.remaining());
        return disk.isStored(name, bytes, offset);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void sync() throws IOException {
        watch.before("sync", 0);
        disk.sync();
    }

    @Override
    public Closeable lock() throws IOException {
        return disk.lock();
    }

    @Override
    public void runBeside(Runnable work) {
        disk.runBeside(work);
    }

    private final class WatchedFile implements OpenFile {
        private final OpenFile file;

        WatchedFile(OpenFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            watch.before("write", bytes.remaining());
            file.write(bytes, offset);
        }

        @Override
        public void sync() throws IOException {
            watch.before("sync", 0);
            file.sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
