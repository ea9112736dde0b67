// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.Iterator;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import leftfold.store.EventStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: the application on the class path, end to end. */
@Command(
        name = "demo",
        description = "Run the market-news example end to end; it stays up until Ctrl-C.",
        footer = {"", "Example:", "  leftfold demo --once"})
final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--once", description = "Stop when everything is shown, and print a summary.")
    private boolean once;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Iterator<Application> applications =
                ServiceLoader.load(Application.class).iterator();
        if (!applications.hasNext()) {
            throw Refusal.failed("no application on the class path; run ./leftfold demo from the project's root");
        }
        Location location = common.location(terminal);
        Interruption interruption = new Interruption(() -> {});
        try (interruption;
                EventStore store = location.open()) {
            applications.next().demo(new DemoRun(store, location.value(), once, common.json(), terminal.out()));
        } catch (InterruptedException e) {
            return 0;
        } catch (Exception e) {
            if (!interruption.asked()) {
                throw e;
            }
        }
        return 0;
    }
}
