// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

/**
 * Where in a file. Immutable.
 *
 * @param line from 1, after decompression
 * @param column from 1; 0 if it is not known
 */
record Place(String file, long line, int column) {
    /** Returns {@code file:line:column}, as editors read it. */
    @Override
    public String toString() {
        return file + ":" + line + (column > 0 ? ":" + column : "");
    }
}
