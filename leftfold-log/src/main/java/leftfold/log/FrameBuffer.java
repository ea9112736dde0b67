// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A little-endian buffer that grows: a frame, or a part of one, that is being put together. Confined to one thread. */
final class FrameBuffer {
    private static final int BYTES_FIRST = 64 * 1_024;
    private static final int BYTES_KEPT_MAX = 8 * 1_024 * 1_024;

    private ByteBuffer bytes;

    /** Creates a buffer for frames. */
    FrameBuffer() {
        this(BYTES_FIRST);
    }

    /** Creates an empty buffer that has room for {@code size} bytes before it grows. */
    FrameBuffer(int size) {
        this.bytes = allocate(size);
    }

    /** Empties the buffer, leaving room for a frame's header. */
    void start() {
        if (bytes.capacity() > BYTES_KEPT_MAX) {
            bytes = allocate(BYTES_FIRST);
        }
        bytes.clear();
        zeros(Frame.HEADER_BYTES);
    }

    /** Returns the number of bytes so far, the header's among them. */
    int length() {
        return bytes.position();
    }

    /** Forgets all but the first {@code length} bytes. */
    void cutTo(int length) {
        bytes.position(length);
    }

    /** Returns the buffer with room for {@code more} bytes at its position. */
    ByteBuffer withRoom(int more) {
        if (bytes.remaining() < more) {
            int needed = Math.addExact(bytes.position(), more);
            ByteBuffer larger = allocate(Math.max(needed, Math.min(2 * bytes.capacity(), Integer.MAX_VALUE / 2)));
            larger.put(bytes.flip());
            bytes = larger;
        }
        return bytes;
    }

    /** Adds a copy of what remains in {@code more}; returns where it begins. */
    int put(ByteBuffer more) {
        int start = length();
        withRoom(more.remaining()).put(more.duplicate());
        return start;
    }

    /** Returns what was put, to read and change. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Adds {@code count} zeros. */
    void zeros(int count) {
        withRoom(count).put(new byte[count]);
    }

    /** Returns the whole, from 0 to what is filled, to complete and write. */
    ByteBuffer frame() {
        return bytes.flip();
    }

    /** Returns the smallest multiple of {@code alignment} that is at least {@code length}. */
    static int alignUp(int length, int alignment) {
        return Math.addExact(length, alignment - 1) / alignment * alignment;
    }

    /** Returns {@code text} as the log keeps it. */
    static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
