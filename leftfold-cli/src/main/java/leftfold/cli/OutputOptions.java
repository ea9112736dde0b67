// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import picocli.CommandLine.Option;

/** The options that every command has. */
class OutputOptions {
    @Option(names = "--json", description = "Print one JSON object per line and nothing else.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and stop.")
    @SuppressWarnings("unused") // picocli itself looks at it
    private boolean help;

    /** Returns whether to print JSON instead of text. */
    final boolean json() {
        return json;
    }
}
