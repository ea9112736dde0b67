// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The engine's log messages, switched off for suites that break stores by the million. */
final class QuietLog {
    private static final Logger LOGGER = Logger.getLogger("leftfold.log"); // kept, or it would forget its level

    private QuietLog() {}

    static void on() {
        LOGGER.setLevel(Level.OFF);
    }
}
