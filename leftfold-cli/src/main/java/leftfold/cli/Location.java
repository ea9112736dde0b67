// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import leftfold.Leftfold;
import leftfold.postgres.Postgres;
import leftfold.store.EventStore;

/** What names a store on the command line. Immutable. */
record Location(String value) {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]+:.*", Pattern.DOTALL);

    /** Returns the location that stands on the command line after {@code option}; refuses one that shows a password. */
    static Location given(String option, String value) {
        if (value.isEmpty()) {
            throw Refusal.wrongUsage(option + " is empty; name a folder or a database");
        }
        if (Postgres.isLocation(value) && !Leftfold.shown(value).equals(value)) {
            throw Refusal.wrongUsage("every user of this machine can see the password in " + option
                    + "; leave it out there and set PGPASSWORD or write a .pgpass file");
        }
        return new Location(value);
    }

    /** Returns the store here, which is created where there is none. */
    EventStore open() {
        return Leftfold.open(value);
    }

    /** Returns the store here, for commands that only read: they create nothing. */
    EventStore openExisting() {
        requireExisting();
        return Leftfold.open(value);
    }

    /** Refuses if a store could be here but none is. */
    void requireExisting() {
        if (isFolder()) {
            folder(); // refuses what is no folder's name
        }
        if (Leftfold.exists(value)) {
            return;
        }
        throw Refusal.failed(
                isFolder() && Files.exists(folder())
                        ? shown() + " holds no store; name a store's folder"
                        : "no store at " + shown() + "; create one with append or import");
    }

    /** Returns the location, without a password, for people to read. */
    String shown() {
        return Shown.line(Leftfold.shown(value));
    }

    /** Returns whether the location is a folder, and not a scheme's. */
    boolean isFolder() {
        return !SCHEME.matcher(value).matches();
    }

    /** Returns the folder. */
    Path folder() {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw Refusal.failed("'" + shown() + "' is not a folder's name; name another");
        }
    }
}
