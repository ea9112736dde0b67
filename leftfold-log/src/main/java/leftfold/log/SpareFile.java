// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The file of a segment to come, filled with zeros ahead of its use so that no append waits for that. Confined to the
 * writer; the filling runs beside it.
 */
final class SpareFile implements Closeable {
    /** The name of a file that is not a segment yet. */
    static final String NAME = "segment.new";

    private static final System.Logger LOGGER = System.getLogger(SpareFile.class.getName());

    private final Directory directory;
    private @Nullable CompletableFuture<Directory.OpenFile> filling;
    private long size;

    SpareFile(Directory directory) {
        this.directory = directory;
    }

    /** Begins to fill a file of {@code bytes}, unless one is under way. */
    void prepare(long bytes) {
        if (filling == null) {
            CompletableFuture<Directory.OpenFile> filled = new CompletableFuture<>();
            filling = filled;
            size = bytes;
            directory.runBeside(() -> fill(bytes, filled));
        }
    }

    /**
     * Returns a file of {@code bytes} zeros under {@link #NAME}: the one that was prepared, or a new one. If it fails,
     * no file is left.
     */
    Directory.OpenFile take(long bytes) throws IOException {
        Directory.OpenFile prepared = prepared();
        if (prepared != null && size == bytes) {
            return prepared;
        }
        if (prepared != null) {
            prepared.close();
        }
        return directory.create(NAME, bytes);
    }

    /** Waits for what is under way, and removes it; if it stays, the next segment overwrites it. */
    @Override
    public void close() {
        try (Directory.OpenFile prepared = prepared()) {
            if (prepared != null) {
                directory.delete(NAME);
            }
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING, "an unused segment is left: folder={0} cause={1}", directory.name(), e.toString());
        }
    }

    private Directory.@Nullable OpenFile prepared() {
        CompletableFuture<Directory.OpenFile> under = filling;
        filling = null;
        try {
            return under == null ? null : under.join();
        } catch (CompletionException e) {
            return null; // whoever needs the file now tries again, and learns why it cannot be had
        }
    }

    private void fill(long bytes, CompletableFuture<Directory.OpenFile> filled) {
        try {
            Directory.OpenFile file = directory.create(NAME, bytes);
            try {
                file.sync();
                filled.complete(file);
            } catch (IOException | RuntimeException | Error e) {
                try (file) {
                    directory.delete(NAME);
                }
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            filled.completeExceptionally(e);
        }
    }
}
