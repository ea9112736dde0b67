// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The checksum of everything on disk: CRC-32C (RFC 3720, appendix B.4). */
final class Checksum {
    private Checksum() {}

    /** Returns the checksum of {@code length} bytes from {@code offset}. */
    static int of(ByteBuffer bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(offset, length));
        return (int) crc.getValue();
    }
}
