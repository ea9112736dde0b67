// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import leftfold.Leftfold;
import leftfold.log.LogEventStore;
import leftfold.store.EventStore;

/** What names a store on the command line. Immutable. */
record Location(String value) {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]+:.*", Pattern.DOTALL);

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
        if (!isFolder() || LogEventStore.exists(folder())) {
            return;
        }
        throw Refusal.failed(
                Files.exists(folder())
                        ? value + " holds no store; name a store's folder"
                        : "no store at " + value + "; create one with append or import");
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
            throw Refusal.failed("'" + value + "' is not a folder's name; name another");
        }
    }
}
