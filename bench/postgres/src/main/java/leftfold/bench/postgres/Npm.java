// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Packages of npm, installed into a folder of the run. */
final class Npm {
    private Npm() {}

    /**
     * Returns the folder of packages below {@code folder} in which {@code name} is.
     *
     * @throws IOException if there is no npm, or it cannot install the package
     */
    static Path install(Path folder, String name) throws IOException, InterruptedException {
        Path packages = folder.resolve("npm");
        Path installed = packages.resolve("node_modules");
        if (!Files.exists(installed.resolve(name.substring(0, name.lastIndexOf('@'))))) {
            Files.createDirectories(packages);
            Process npm = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--prefix", ".", name)
                    .directory(packages.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (npm.waitFor() != 0) {
                throw new IOException("npm cannot install " + name + ": "
                        + said.lines().findFirst().orElse(""));
            }
        }
        return installed;
    }
}
