// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import leftfold.store.RecordedEvent;

/** What an application brings to the command line, found with {@link java.util.ServiceLoader}. For implementers. */
public interface Application {
    /**
     * Returns, by category, how {@code state} folds a stream's events, oldest first, into a value that Jackson can
     * write. A category that is not there is shown as the merge of its events' data.
     */
    Map<String, Function<Stream<RecordedEvent>, Object>> states();

    /** Runs the application's demo; returns when it is done, or once its thread is interrupted. */
    void demo(DemoRun run) throws Exception;
}
