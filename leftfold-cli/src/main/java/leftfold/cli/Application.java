// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.Map;
import java.util.Optional;

/** What an application brings to the command line, found with {@link java.util.ServiceLoader}. For implementers. */
public interface Application {
    /**
     * Returns, by category, how {@code state} and {@code history} fold a stream's events. A category that is not there
     * is shown as the merge of its events' data.
     */
    Map<String, StateFold<?>> states();

    /** Runs the application's demo; returns when it is done, or once its thread is interrupted. */
    void demo(DemoRun run) throws Exception;

    /**
     * Returns the projections of the application and their database, for the store at {@code location}; empty if it has
     * none.
     */
    default Optional<ReadSide> readSide(String location) {
        return Optional.empty();
    }
}
