// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import leftfold.postgres.Postgres;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class CommonOptions {
    private static final String LOCATION_VARIABLE = "LEFTFOLD_STORE";
    private static final String LOCATION_OTHERWISE = "./leftfold-data";

    @Option(
            names = "--store",
            paramLabel = "LOCATION",
            description =
                    "The store: a folder, jdbc:postgresql://HOST/DATABASE?user=ME (password in PGPASSWORD or .pgpass), or"
                            + " memory: for a trial. Default: $LEFTFOLD_STORE, else ./leftfold-data.")
    private @Nullable String store;

    @Option(names = "--json", description = "Print one JSON object per line and nothing else.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and stop.")
    @SuppressWarnings("unused") // picocli itself looks at it
    private boolean help;

    /** Returns what names the store. */
    Location location(Terminal terminal) {
        String named = store == null ? terminal.environment(LOCATION_VARIABLE, LOCATION_OTHERWISE) : store;
        if (named.isEmpty()) {
            throw Refusal.wrongUsage("--store is empty; name a folder");
        }
        if (store != null && Postgres.isLocation(named) && Postgres.hasPassword(named)) {
            throw Refusal.wrongUsage("every user of this machine can see the password in --store; leave it out there and"
                    + " set PGPASSWORD or write a .pgpass file");
        }
        return new Location(named);
    }

    /** Returns whether to print JSON instead of text. */
    boolean json() {
        return json;
    }
}
