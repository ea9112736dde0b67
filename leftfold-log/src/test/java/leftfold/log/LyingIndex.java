// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.util.Objects;

/** Makes index files say what is not so, with checksums that are right: what a mistake in the engine might write. */
final class LyingIndex {
    private LyingIndex() {}

    /** Writes {@code value} at {@code offset} of a file's body, where a number of 4 bytes stands. */
    static void put(SimDirectory disk, String name, int offset, int value) throws IOException {
        int kind = KeyTable.isName(name) ? IndexFile.KEYS : IndexFile.OFFSETS;
        IndexFile file = Objects.requireNonNull(
                IndexFile.open(disk, name, kind, StoreHeader.readFrom(disk).id()));
        try (IndexFile.Writer out = new IndexFile.Writer(disk, name)) {
            for (int at = 0; at < file.length(); at += Integer.BYTES) {
                out.putInt(at == offset ? value : file.getInt(at));
            }
            out.finish(file.header());
        }
    }
}
