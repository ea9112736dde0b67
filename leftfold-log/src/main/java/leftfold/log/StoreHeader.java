// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import leftfold.store.StoreException;

/**
 * The file {@code store}, which makes a folder a store. Little-endian, {@value #BYTES} bytes:
 *
 * <pre>
 * offset  size  field
 *      0     8  magic "LEFTFOLD"
 *      8     4  format version, {@value #FORMAT_VERSION}
 *     12     4  0
 *     16    16  id of the log (UUID, most significant half first)
 *     32    28  0
 *     60     4  CRC32C of bytes 0 to 59
 * </pre>
 */
record StoreHeader(UUID id) {
    static final String FILE = "store";
    static final int FORMAT_VERSION = 1;
    private static final String FILE_NEW = "store.new";
    private static final int BYTES = 64;
    private static final int CRC_OFFSET = 60;
    private static final long MAGIC = 0x444c4f465446454cL;

    /** Writes the file and makes it durable: from then on the folder is a store. */
    void writeTo(Directory directory) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, MAGIC).putInt(8, FORMAT_VERSION);
        bytes.putLong(16, id.getMostSignificantBits()).putLong(24, id.getLeastSignificantBits());
        bytes.putInt(CRC_OFFSET, Checksum.of(bytes, 0, CRC_OFFSET));
        try (Directory.OpenFile file = directory.create(FILE_NEW, BYTES)) {
            file.write(bytes, 0);
            file.sync();
        }
        directory.rename(FILE_NEW, FILE);
        directory.sync();
    }

    /**
     * Reads the file.
     *
     * @throws StoreException.CannotOpen if it is not a store's, or a newer program's
     * @throws StoreException.Corrupt if it is damaged
     */
    static StoreHeader readFrom(Directory directory) throws IOException {
        ByteBuffer bytes = directory.view(FILE).order(ByteOrder.LITTLE_ENDIAN);
        String file = directory.name() + "/" + FILE;
        if (bytes.limit() < BYTES) {
            throw damaged(file, bytes.limit(), "the file ends here, not at byte " + BYTES);
        }
        if (bytes.getLong(0) != MAGIC && !StoreFolder.hasSegments(directory.list())) {
            throw new StoreException.CannotOpen(file + " is not a Leftfold store's; use another folder", null);
        }
        if (bytes.getLong(0) != MAGIC || bytes.getInt(CRC_OFFSET) != Checksum.of(bytes, 0, CRC_OFFSET)) {
            throw damaged(
                    file,
                    0,
                    "checksum " + hex(bytes.getInt(CRC_OFFSET)) + ", computed "
                            + hex(Checksum.of(bytes, 0, CRC_OFFSET)));
        }
        int version = bytes.getInt(8);
        if (version > FORMAT_VERSION) {
            throw new StoreException.CannotOpen(
                    directory.name() + " has format " + version + ", newer than this program's " + FORMAT_VERSION
                            + "; upgrade Leftfold",
                    null);
        }
        return new StoreHeader(new UUID(bytes.getLong(16), bytes.getLong(24)));
    }

    private static StoreException.Corrupt damaged(String file, long offset, String what) {
        return new StoreException.Corrupt(
                file, offset, what + "; this file never changes: restore it from any backup of the store");
    }

    /** Returns whether {@code name} is a leftover of a store that was not yet complete. */
    static boolean isLeftover(String name) {
        return name.equals(FILE_NEW);
    }

    private static String hex(int value) {
        return "%08x".formatted(value);
    }
}
