// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The file that is imported: plain or gzip, whatever its name says. It knows how far it was read, and remembers what
 * went wrong while reading: parsers tend to report that as a mistake in the text. Confined to one thread.
 */
final class ImportFile implements AutoCloseable {
    /** The most bytes that one event may take in a file, well above the largest event's data. */
    static final int EVENT_BYTES_MAX = 64 * 1_024 * 1_024;

    private static final int BUFFER_BYTES = 64 * 1_024;
    private static final int BEGINNING_BYTES = 8 * 1_024;
    private static final int GZIP_MAGIC_FIRST = 0x1f;
    private static final int GZIP_MAGIC_SECOND = 0x8b;

    private final String name;
    private final Counted raw;
    private final Content content;

    private ImportFile(String name, Counted raw, Content content) {
        this.name = name;
        this.raw = raw;
        this.content = content;
    }

    /**
     * Opens {@code file}.
     *
     * @throws ImportException if it is not there, is not a file, or cannot be read
     */
    static ImportFile open(Path file) {
        if (Files.isDirectory(file)) {
            throw new ImportException(file + " is a folder; name the file to import");
        }
        try {
            Counted raw = new Counted(Files.newInputStream(file));
            BufferedInputStream bytes = new BufferedInputStream(raw, BUFFER_BYTES);
            InputStream plain = isGzip(bytes) ? new GZIPInputStream(bytes, BUFFER_BYTES) : bytes;
            return new ImportFile(file.toString(), raw, new Content(plain));
        } catch (NoSuchFileException e) {
            throw new ImportException("no file " + file + "; check its name");
        } catch (AccessDeniedException e) {
            throw new ImportException("no permission to read " + file);
        } catch (IOException e) {
            throw new ImportException("cannot read " + file + ": " + why(e));
        }
    }

    /** Returns the name for messages. */
    String name() {
        return name;
    }

    /** Returns the text's bytes. */
    InputStream content() {
        return content;
    }

    /** Returns the first bytes of the text, which stay to be read; each byte is one character. */
    String beginning() throws IOException {
        content.mark(BEGINNING_BYTES);
        byte[] bytes = content.readNBytes(BEGINNING_BYTES);
        content.reset();
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Returns how many bytes of the file were read. */
    long bytesRead() {
        return raw.count;
    }

    /** Says that an event ended, so that the next one may be as large again. */
    void eventEnded() {
        content.sinceEvent = 0;
    }

    /** Refuses if reading failed, in the words of that failure. */
    void checkReadable() {
        if (content.failure != null) {
            throw new ImportException("cannot read " + name + " to its end: " + why(content.failure));
        }
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    private static boolean isGzip(InputStream bytes) throws IOException {
        bytes.mark(2);
        boolean gzip = bytes.read() == GZIP_MAGIC_FIRST && bytes.read() == GZIP_MAGIC_SECOND;
        bytes.reset();
        return gzip;
    }

    private static String why(IOException failure) {
        return switch (failure) {
            case EOFException e -> "the gzip file is cut off; fetch it again";
            case ZipException e -> "the gzip file is damaged (" + e.getMessage() + "); fetch it again";
            default -> String.valueOf(failure.getMessage());
        };
    }

    /** Counts the bytes of the file itself. */
    private static final class Counted extends FilterInputStream {
        private long count;

        private Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }

    /** Bounds what lies between two events, and keeps the first failure. */
    private static final class Content extends BufferedInputStream {
        private long sinceEvent;
        private @Nullable IOException failure;

        private Content(InputStream in) {
            super(in, BUFFER_BYTES);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                int read = super.read(bytes, offset, length);
                sinceEvent += Math.max(0, read);
                if (sinceEvent > EVENT_BYTES_MAX) {
                    throw new IOException("one event takes more than " + EVENT_BYTES_MAX + " bytes; split it");
                }
                return read;
            } catch (IOException e) {
                failure = failure == null ? e : failure;
                throw e;
            }
        }
    }
}
