// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

/**
 * One place where a rule is broken. Immutable.
 *
 * @param line counted from 1
 * @param message what is wrong there and what to do
 */
record Finding(String file, int line, String message) {

    /** Returns file, line and message as compilers write them. */
    @Override
    public String toString() {
        return file + ":" + line + ": " + message;
    }
}
