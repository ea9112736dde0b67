// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.junit.jupiter.api.BeforeEach;

/** What is run against a mutant: a part of a suite, long enough to find what the suite is for; or one test. */
final class MutantSuites {
    private static final int SEEDS = 300;
    private static final int ROT_STEP = 331;

    private MutantSuites() {}

    /** Runs the suite of that name; {@code Class#method} is one test. */
    static void run(String suite) throws Exception {
        QuietLog.on();
        switch (suite) {
            case "cuts" -> {
                for (int seed = 0; seed < SEEDS; seed++) {
                    SimulatedLives.run(seed);
                }
            }
            case "calls" -> new FailingCallSim().sweepShort();
            case "rot" -> rot();
            default -> runTest(suite.substring(0, suite.indexOf('#')), suite.substring(suite.indexOf('#') + 1));
        }
    }

    private static void rot() throws IOException {
        BitRotSim.fill_a_store();
        BitRotSim.flipSome(ROT_STEP);
    }

    private static void runTest(String type, String name) throws Exception {
        Constructor<?> constructor = Class.forName("leftfold.log." + type).getDeclaredConstructor();
        Object test = constructor.newInstance();
        for (Method method : test.getClass().getDeclaredMethods()) {
            if (method.isAnnotationPresent(BeforeEach.class)) {
                method.invoke(test);
            }
        }
        test.getClass().getDeclaredMethod(name).invoke(test);
    }
}
