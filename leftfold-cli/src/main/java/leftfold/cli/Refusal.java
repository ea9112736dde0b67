// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

/** Why a command does not do what it was asked: one line that says what to do instead, and the exit code. */
final class Refusal extends RuntimeException {
    /** The exit code of what was refused or failed. */
    static final int FAILED = 1;

    /** The exit code of a command line that is wrong in itself. */
    static final int WRONG_USAGE = 2;

    private final int exitCode;

    private Refusal(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Returns a refusal of a good command line, because of what was found. */
    static Refusal failed(String message) {
        return new Refusal(message, FAILED);
    }

    /** Returns a refusal of the command line itself. */
    static Refusal wrongUsage(String message) {
        return new Refusal(message, WRONG_USAGE);
    }

    /** Returns the exit code. */
    int exitCode() {
        return exitCode;
    }
}
