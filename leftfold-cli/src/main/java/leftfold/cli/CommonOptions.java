// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command on one store has. */
final class CommonOptions extends OutputOptions {
    private static final String LOCATION_VARIABLE = "LEFTFOLD_STORE";
    private static final String LOCATION_OTHERWISE = "./leftfold-data";

    @Option(
            names = "--store",
            paramLabel = "LOCATION",
            description =
                    "The store: a folder, jdbc:postgresql://HOST/DATABASE?user=ME (password in PGPASSWORD or .pgpass),"
                            + " or memory: for a trial. Default: $LEFTFOLD_STORE, else ./leftfold-data.")
    private @Nullable String store;

    /** Returns what names the store. */
    Location location(Terminal terminal) {
        if (store != null) {
            return Location.given("--store", store);
        }
        String named = terminal.environment(LOCATION_VARIABLE, LOCATION_OTHERWISE);
        if (named.isEmpty()) {
            throw Refusal.wrongUsage(LOCATION_VARIABLE + " is empty; name a folder or a database");
        }
        return new Location(named);
    }
}
