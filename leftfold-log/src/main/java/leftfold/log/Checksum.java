// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The checksum of everything on disk: CRC-32C (RFC 3720, appendix B.4). */
final class Checksum {
    private static final int PIECE_BYTES = 8 * 1_024;

    private Checksum() {}

    /** Returns the checksum of {@code length} bytes from {@code offset}; not of a mapped file, see below. */
    static int of(ByteBuffer bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(offset, length));
        return (int) crc.getValue();
    }

    /**
     * Returns the checksum of bytes of a mapped file, copied piece by piece. Where the disk cannot give the bytes, the
     * copy throws an {@link InternalError}; a checksum computed on the mapping itself would end the process.
     */
    static int ofMapped(ByteBuffer file, int offset, int length) {
        CRC32C crc = new CRC32C();
        byte[] piece = new byte[Math.min(length, PIECE_BYTES)];
        for (int done = 0; done < length; done += piece.length) {
            int part = Math.min(piece.length, length - done);
            file.get(offset + done, piece, 0, part);
            crc.update(piece, 0, part);
        }
        return (int) crc.getValue();
    }
}
