// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code leftfold} itself: it only has commands. */
@Command(
        name = "leftfold",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Store the facts, fold the rest.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "  bench    Measure this checkout beside the disk; run by ./leftfold: bench [--events N] [--peers]",
            "  test     Test this checkout; run by ./leftfold: test [--fast]",
            "",
            "A store is a folder, ./leftfold-data unless --store or LEFTFOLD_STORE names another.",
            "Exit codes: 0 done, 1 refused or failed, 2 wrong usage.",
            "",
            "Example:",
            "  leftfold append order-1 --type OrderPlaced --data '{\"total\":12}'",
            "  leftfold read order-1"
        })
final class RootCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw Refusal.wrongUsage("name a command");
    }
}
