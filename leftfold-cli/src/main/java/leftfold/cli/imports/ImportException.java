// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

/** Why a file cannot be imported, in one line that says what to do. */
public final class ImportException extends RuntimeException {
    /** Creates the exception. */
    ImportException(String message) {
        super(message);
    }

    /** Creates the exception about one place of a file. */
    ImportException(Place place, String message) {
        super(place + ": " + message);
    }
}
