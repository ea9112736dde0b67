// SPDX-License-Identifier: Apache-2.0
package leftfold.process;

import leftfold.decider.CommandContext;

/**
 * Where a process sends its commands, such as the command handlers of the aggregates. For implementers. Called by one
 * thread at a time.
 *
 * @param <C> commands
 */
@FunctionalInterface
public interface CommandSink<C> {
    /**
     * Sends {@code command}. The same command comes again after a crash, with the same id in its context: what handles
     * it does so once for each id.
     *
     * @throws Exception if it was not sent; the process tries again or stops. A refusal by the domain that the process
     *     can live with must not be thrown
     */
    void send(C command, CommandContext context) throws Exception;
}
