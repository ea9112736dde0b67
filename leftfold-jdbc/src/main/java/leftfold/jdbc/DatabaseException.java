// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.SQLException;

/** The read database failed; the cause says how. What was under way is rolled back, or its outcome is not known. */
public final class DatabaseException extends RuntimeException {
    private final SQLException failure;

    /** Creates the exception. */
    public DatabaseException(String what, SQLException cause) {
        super(what + ": " + firstLine(cause), cause);
        this.failure = cause;
    }

    /** What follows in other lines is about the statement. */
    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Returns the database's own exception. */
    public SQLException failure() {
        return failure;
    }
}
