// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The one door to a store's files: a flat folder. What is written is durable only after {@link OpenFile#sync}, and a
 * name created, renamed or deleted only after {@link #sync}. Implementers: the disk, and simulated disks in tests.
 */
interface Directory {
    /** Returns the folder's name for messages. */
    String name();

    /** Returns the names of the files in the folder, sorted. */
    List<String> list() throws IOException;

    /**
     * Creates a file of {@code size} zero bytes, all of them written, replacing one of that name, and opens it. If it
     * fails, no file of that name is left.
     */
    OpenFile create(String name, long size) throws IOException;

    /** Opens an existing file for writing. */
    OpenFile open(String name) throws IOException;

    /** Returns a read-only view of a whole file, which shows later writes too; safe for use by many threads. */
    ByteBuffer view(String name) throws IOException;

    /** Returns what reads a file's bytes into memory before a view of it is touched. */
    Loader loader(String name);

    /**
     * Returns whether the disk itself holds {@code bytes} at {@code offset} of a file, past the system's cache, which
     * may show what a failed sync has lost; false if that cannot be told.
     */
    boolean isStored(String name, ByteBuffer bytes, long offset);

    /** Renames a file, replacing one of the new name: after a crash the new name is the old file or the new one. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file. */
    void delete(String name) throws IOException;

    /** Makes the names in the folder durable. */
    void sync() throws IOException;

    /**
     * Keeps every other process and every other store in this one out of the folder, until closed.
     *
     * @throws InUseException if the folder is taken
     */
    Closeable lock() throws IOException;

    /** Runs {@code work} on another thread, or at once where all is simulated. */
    void runBeside(Runnable work);

    /** Reads bytes of one file into memory, to save time. Safe for use by many threads. */
    interface Loader {
        /** Nothing is ever to be loaded. */
        Loader NONE = new Loader() {
            @Override
            public boolean isLoaded(ByteBuffer view, int offset, int length) {
                return true;
            }

            @Override
            public void load(long offset, int length) {}
        };

        /** Returns whether bytes of a view of the file are in memory. */
        boolean isLoaded(ByteBuffer view, int offset, int length);

        /** Reads bytes of the file into memory, and waits for that. Whatever fails, fails later, when they are used. */
        void load(long offset, int length);
    }

    /** A file open for writing. Confined to one thread at a time. */
    interface OpenFile extends Closeable {
        /** Writes what remains in {@code bytes} at {@code offset}, all of it; past the end, the file becomes longer. */
        void write(ByteBuffer bytes, long offset) throws IOException;

        /** Returns once all that was written survives a crash. Never call it again after it failed. */
        void sync() throws IOException;
    }

    /** Somebody else has the folder open; the message names who. */
    final class InUseException extends IOException {
        InUseException(String message) {
            super(message);
        }
    }
}
