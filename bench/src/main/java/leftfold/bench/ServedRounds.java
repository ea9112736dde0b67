// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** Rounds of one way to append, and the CPU time that the server took for them. Confined to one thread. */
final class ServedRounds {
    private final PostgresServer.Running server;
    private final List<Callable<Integer>> writers;
    private final List<Measured> measured = new ArrayList<>();
    private long cpuNanos;

    ServedRounds(PostgresServer.Running server, List<Callable<Integer>> writers) {
        this.server = server;
        this.writers = List.copyOf(writers);
    }

    /** Runs all writers for {@code nanos}, as {@link Writers} does, without counting it: code is compiled. */
    void warmUp(long nanos) throws InterruptedException, ExecutionException {
        Writers.run(writers, nanos);
    }

    /** Runs all writers for {@code nanos}, one round. */
    void run(long nanos) throws InterruptedException, ExecutionException {
        long before = server.cpuNanos();
        measured.add(Writers.run(writers, nanos));
        cpuNanos += server.cpuNanos() - before;
    }

    boolean isEmpty() {
        return measured.isEmpty();
    }

    /** Returns the CPU time of the server for each event, in microseconds. */
    double cpuMicros() {
        return cpuNanos / 1e3 / measured.stream().mapToLong(Measured::events).sum();
    }

    Row row(String name, Goal goal) {
        return Row.of(name, measured, goal).with("server_cpu_us_per_event", cpuMicros());
    }
}
