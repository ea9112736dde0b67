// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What a failure of the database means for the transaction that it ended. */
enum Failure {
    /** Rolled back because of others; the same again may succeed. */
    RETRY,
    /** The connection is gone, and with it the answer: committed or not. */
    LOST,
    /** Rolled back after a wait; nothing was wrong with it. */
    TIMED_OUT,
    /** Refused and rolled back; the same again would be refused again. */
    REFUSED;

    /** The state of what would write where only reading is allowed. */
    static final String ONLY_READS = "25006";

    /** The state of what may have been committed or not, as of a proxy's answer where it lost the server's. */
    static final String COMPLETION_UNKNOWN = "40003";

    private static final Set<String> RETRIED = Set.of("40001", "40P01", "23505");
    private static final Set<String> CANCELED = Set.of("57014", "55P03", "25P04");
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "53300");
    /** Returns what {@code e} means. Source: PostgreSQL's manual, appendix A, error codes. */
    static Failure of(SQLException e) {
        String state = state(e);
        if (RETRIED.contains(state)) {
            return RETRY;
        }
        if (CANCELED.contains(state)) {
            return TIMED_OUT;
        }
        return state.startsWith("08")
                        || state.equals(COMPLETION_UNKNOWN)
                        || ENDED.contains(state)
                        || e instanceof SQLTransientConnectionException
                ? LOST
                : REFUSED;
    }

    /** Returns, in words, what is wrong and what to do. */
    static String describe(SQLException e) {
        if (e instanceof SQLTransientConnectionException) {
            return describePool(e);
        }
        String message = line(e);
        return switch (state(e)) {
            case "42501" -> message + "; grant the role SELECT, INSERT and UPDATE on Leftfold's tables";
            case ONLY_READS ->
                message + "; this server, role or connection only reads: append to the primary, and see"
                        + " default_transaction_read_only";
            case "57014", "55P03", "25P04" ->
                message + "; a transaction may hold the log's lock (a row of leftfold_log): see pg_locks";
            case "42P01", "42883" -> message + "; the schema is not Leftfold's: see search_path";
            case "28P01", "28000", "08004" ->
                message + "; name the user in the location, and give the password in PGPASSWORD or in a .pgpass file";
            default ->
                switch (e.getCause()) {
                    case UnknownHostException host ->
                        message + " There is no host " + bare(host) + "; look at the location";
                    case SocketTimeoutException silence ->
                        "no answer came in time; see whether the server is alive, and in pg_stat_activity what it does";
                    case null, default -> message;
                };
        };
    }

    /** As {@link #describe}, of a read: no lock of the log holds it up. */
    static String describeRead(SQLException e) {
        return CANCELED.contains(state(e))
                ? line(e) + "; see statement_timeout and lock_timeout of the role and the database, and pg_locks"
                : describe(e);
    }

    /** A pool says only that it waited in vain; its cause, where there is one, says why. */
    private static String describePool(SQLException e) {
        return e.getCause() instanceof SQLException cause
                ? describe(cause)
                : line(e) + "; give the pool a connection for appends, one for followers, and one for each read at a"
                        + " time and each transaction";
    }

    /** Returns the host without the login that some write before it, which the driver takes for a part of its name. */
    private static String bare(UnknownHostException e) {
        String host = String.valueOf(e.getMessage());
        return host.substring(host.lastIndexOf('@') + 1);
    }

    /** Returns the server's message; what follows in other lines is about the statement. */
    static String line(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
