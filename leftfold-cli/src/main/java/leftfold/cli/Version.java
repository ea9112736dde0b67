// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The program's version, from the jar's manifest. */
final class Version implements IVersionProvider {
    private static final String UNPACKED = "development";

    @Override
    public String[] getVersion() {
        return new String[] {"leftfold " + version()};
    }

    /** Returns what stands in the metadata of events that the command line makes. */
    static String producer() {
        return "leftfold@" + version();
    }

    private static String version() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKED : version;
    }
}
