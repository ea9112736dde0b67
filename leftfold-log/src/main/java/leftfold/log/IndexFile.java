// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file that is derived from segments: a header, a body, and a checksum for each {@value #BLOCK_BYTES} bytes of the
 * body, which is looked at before the first byte of that block is. Safe for use by many threads. Little-endian:
 *
 * <pre>
 * offset  size  field
 *      0     8  magic "LFDERIVD"
 *      8     4  format version, {@value #FORMAT_VERSION}
 *     12     4  kind: 1 offsets, 2 keys
 *     16    16  id of the log (UUID, most significant half first)
 *     32     8  position of the first event that it tells of
 *     40     8  position after the last one
 *     48     8  lineage: the epochs of all segments that it was made from, combined by exclusive or
 *     56     8  length of the body in bytes
 *     64     8  two numbers that depend on the kind
 *     80     4  CRC32C of the checksums behind the body
 *     84     4  CRC32C of bytes 0 to 83
 *   4096        body, then a checksum (CRC32C) of each block of the body
 * </pre>
 */
final class IndexFile {
    static final int OFFSETS = 1;
    static final int KEYS = 2;
    static final int FORMAT_VERSION = 1;

    private static final long MAGIC = 0x445649524544464cL;
    private static final int HEADER_BYTES = 4_096;
    private static final int BLOCK_BYTES = 4_096;
    private static final int CRC_OFFSET = 84;

    private final String path;
    private final Header header;
    private final ByteBuffer body;
    private final ByteBuffer checksums;
    private final Directory.Loader loader;
    private final AtomicBits checked;

    /** What a file says of itself; {@code first} and {@code second} depend on the kind. */
    record Header(
            int kind,
            UUID logId,
            long firstPosition,
            long nextPosition,
            long lineage,
            long bodyLength,
            long first,
            long second) {}

    private IndexFile(String path, Header header, ByteBuffer body, ByteBuffer checksums, Directory.Loader loader) {
        this.loader = loader;
        this.path = path;
        this.header = header;
        this.body = body;
        this.checksums = checksums;
        this.checked = new AtomicBits(blocks(body.limit()));
    }

    /** Opens a file of the log with {@code logId}; returns null if it is of another log, kind or time, or damaged. */
    static @Nullable IndexFile open(Directory directory, String name, int kind, UUID logId) throws IOException {
        try {
            return opened(directory, name, kind, logId);
        } catch (InternalError e) {
            return null; // the disk cannot give the bytes
        }
    }

    private static @Nullable IndexFile opened(Directory directory, String name, int kind, UUID logId)
            throws IOException {
        ByteBuffer bytes = directory.view(name).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.limit() < HEADER_BYTES
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(8) != FORMAT_VERSION
                || bytes.getInt(12) != kind
                || bytes.getInt(CRC_OFFSET) != Checksum.ofMapped(bytes, 0, CRC_OFFSET)
                || !logId.equals(new UUID(bytes.getLong(16), bytes.getLong(24)))) {
            return null;
        }
        long length = bytes.getLong(56);
        long room = (long) bytes.limit() - HEADER_BYTES;
        if (length < 0 || length > room || length + 4L * blocks(length) != room) {
            return null;
        }
        int end = HEADER_BYTES + (int) length;
        ByteBuffer checksums = bytes.slice(end, bytes.limit() - end).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getInt(80) != Checksum.ofMapped(checksums, 0, checksums.limit())) {
            return null;
        }
        Header header = new Header(
                kind,
                logId,
                bytes.getLong(32),
                bytes.getLong(40),
                bytes.getLong(48),
                length,
                bytes.getLong(64),
                bytes.getLong(72));
        ByteBuffer body = bytes.slice(HEADER_BYTES, (int) length).order(ByteOrder.LITTLE_ENDIAN);
        return new IndexFile(directory.name() + "/" + name, header, body, checksums, directory.loader(name));
    }

    /** Returns whether the file is a valid one, but of another log than that with {@code logId}. */
    static boolean isForeign(Directory directory, String name, UUID logId) throws IOException {
        ByteBuffer bytes = directory.view(name).order(ByteOrder.LITTLE_ENDIAN);
        try {
            return bytes.limit() >= HEADER_BYTES
                    && bytes.getLong(0) == MAGIC
                    && bytes.getInt(CRC_OFFSET) == Checksum.ofMapped(bytes, 0, CRC_OFFSET)
                    && !logId.equals(new UUID(bytes.getLong(16), bytes.getLong(24)));
        } catch (InternalError e) {
            return false; // the disk cannot give the bytes
        }
    }

    String path() {
        return path;
    }

    Header header() {
        return header;
    }

    /** Returns the length of the body. */
    int length() {
        return body.limit();
    }

    long getLong(int offset) {
        check(offset, Long.BYTES);
        try {
            return body.getLong(offset);
        } catch (InternalError e) {
            throw new DamagedException(this, offset);
        }
    }

    int getInt(int offset) {
        check(offset, Integer.BYTES);
        try {
            return body.getInt(offset);
        } catch (InternalError e) {
            throw new DamagedException(this, offset);
        }
    }

    /** Copies bytes of the body. */
    void get(int offset, byte[] target) {
        check(offset, target.length);
        try {
            body.get(offset, target);
        } catch (InternalError e) {
            throw new DamagedException(this, offset);
        }
    }

    /** Returns a view of {@code length} bytes of the body, all of them checked. */
    ByteBuffer slice(int offset, int length) {
        check(offset, length);
        return body.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns whether the byte at {@code offset} is in memory, as far as that is known without touching it. */
    boolean isLoaded(long offset) {
        if (offset < 0 || offset >= body.limit()) {
            return true; // there is nothing to load
        }
        int block = (int) (offset / BLOCK_BYTES);
        return checked.get(block) || loader.isLoaded(body, (int) offset, 1);
    }

    /**
     * Checks every block.
     *
     * @throws DamagedException if one is damaged
     */
    void checkAll() {
        check(0, body.limit());
    }

    private void check(int offset, int length) {
        if (offset < 0 || length < 0 || offset > body.limit() - length) {
            throw new DamagedException(this, offset); // the place was computed from bytes that make no sense
        }
        if (length > 0) {
            for (int block = offset / BLOCK_BYTES; block <= (offset + length - 1) / BLOCK_BYTES; block++) {
                if (!checked.get(block)) {
                    checkBlock(block);
                    checked.set(block);
                }
            }
        }
    }

    private void checkBlock(int block) {
        int start = block * BLOCK_BYTES;
        int length = Math.min(BLOCK_BYTES, body.limit() - start);
        if (!loader.isLoaded(body, start, length)) {
            loader.load(HEADER_BYTES + start, length);
        }
        try {
            if (checksums.getInt(4 * block) != Checksum.ofMapped(body, start, length)) {
                throw new DamagedException(this, start);
            }
        } catch (InternalError e) {
            throw new DamagedException(this, start); // the disk cannot give the bytes
        }
    }

    private static int blocks(long length) {
        return (int) ((length + BLOCK_BYTES - 1) / BLOCK_BYTES);
    }

    /** The file is not what was written; it has to be made anew from the segments. */
    static final class DamagedException extends RuntimeException {
        private final transient IndexFile file;
        private final long fileOffset;

        /** Creates it; {@code offset} is one of the body. */
        DamagedException(IndexFile file, long offset) {
            super(file.path + " is damaged at byte " + (HEADER_BYTES + offset));
            this.file = file;
            this.fileOffset = HEADER_BYTES + offset;
        }

        IndexFile file() {
            return file;
        }

        /** Returns where the damage begins, in bytes from the file's start. */
        long fileOffset() {
            return fileOffset;
        }
    }

    /** Writes a file under a name of its own, and gives it its real one when it is complete. */
    static final class Writer implements Closeable {
        /** What the name of a file under construction ends with. */
        static final String SUFFIX = ".new";

        private static final int BUFFER_BYTES = 16 * BLOCK_BYTES;

        private final Directory directory;
        private final String name;
        private final Directory.OpenFile file;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private int[] checksums = new int[64];
        private long flushed;
        private boolean complete;

        Writer(Directory directory, String name) throws IOException {
            this.directory = directory;
            this.name = name;
            this.file = directory.create(name + SUFFIX, 0);
        }

        /** Returns the number of bytes of the body so far. */
        long length() {
            return flushed + buffer.position();
        }

        void putLong(long value) throws IOException {
            withRoom(Long.BYTES).putLong(value);
        }

        void putInt(int value) throws IOException {
            withRoom(Integer.BYTES).putInt(value);
        }

        void put(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                ByteBuffer room = withRoom(1);
                int length = Math.min(room.remaining(), bytes.remaining());
                room.put(bytes.slice(bytes.position(), length));
                bytes.position(bytes.position() + length);
            }
        }

        /** Adds zeros up to a multiple of {@code alignment}, a power of two of at most the size of a block. */
        void align(int alignment) throws IOException {
            while ((length() & (alignment - 1)) != 0) {
                withRoom(1).put((byte) 0);
            }
        }

        /** Returns a view of the body so far, which ends with a whole block. */
        ByteBuffer soFar() throws IOException {
            align(BLOCK_BYTES);
            flush();
            return directory
                    .view(name + SUFFIX)
                    .slice(HEADER_BYTES, (int) flushed)
                    .order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Completes the file, whose body is as long as what was put. */
        void finish(Header header) throws IOException {
            flush();
            int blocks = blocks(flushed);
            ByteBuffer tail = ByteBuffer.allocate(4 * blocks).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < blocks; i++) {
                tail.putInt(checksums[i]);
            }
            tail.flip();
            file.write(encode(header, flushed, Checksum.of(tail, 0, tail.limit())), 0);
            file.write(tail, HEADER_BYTES + flushed);
            file.sync();
            file.close();
            directory.rename(name + SUFFIX, name);
            complete = true;
        }

        /** Removes the file if it was not completed. */
        @Override
        public void close() throws IOException {
            if (!complete) {
                file.close();
                directory.delete(name + SUFFIX);
            }
        }

        private static ByteBuffer encode(Header header, long length, int checksum) {
            ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putLong(0, MAGIC).putInt(8, FORMAT_VERSION).putInt(12, header.kind());
            bytes.putLong(16, header.logId().getMostSignificantBits());
            bytes.putLong(24, header.logId().getLeastSignificantBits());
            bytes.putLong(32, header.firstPosition()).putLong(40, header.nextPosition());
            bytes.putLong(48, header.lineage()).putLong(56, length);
            bytes.putLong(64, header.first()).putLong(72, header.second()).putInt(80, checksum);
            bytes.putInt(CRC_OFFSET, Checksum.of(bytes, 0, CRC_OFFSET));
            return bytes;
        }

        private ByteBuffer withRoom(int length) throws IOException {
            if (buffer.remaining() < length) {
                flush();
            }
            return buffer;
        }

        /** Writes what is buffered; a number never lies across two buffers, for everything is aligned to its size. */
        private void flush() throws IOException {
            ByteBuffer bytes = buffer.flip();
            for (int at = 0; at < bytes.limit(); at += BLOCK_BYTES) {
                int block = blocks(flushed + at);
                checksums = KeyLists.withRoom(checksums, block + 1);
                checksums[block] = Checksum.of(bytes, at, Math.min(BLOCK_BYTES, bytes.limit() - at));
            }
            int length = bytes.limit();
            file.write(bytes, HEADER_BYTES + flushed);
            flushed += length;
            buffer.clear();
        }
    }
}
