// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Who runs a projection, or anything else that several processes share by lease, as a database keeps it: a process of a
 * place, and one of its runners. Immutable.
 *
 * @param pid the process's id
 * @param start when it began, as a text; empty if the system does not say
 * @param place where the pid means something: one boot of one machine, one space of pids; empty if not known
 * @param id one of the process's runners
 */
public record Runner(long pid, String start, String place, UUID id) {
    private static final char SEPARATOR = ' ';

    /** Returns a new runner of this process. */
    public static Runner here() {
        ProcessHandle process = ProcessHandle.current();
        return new Runner(process.pid(), startOf(process), thisPlace(), UUID.randomUUID());
    }

    /** Returns the runner that {@link #toString} made {@code text} of. */
    public static Runner parse(String text) {
        String[] parts = text.split(String.valueOf(SEPARATOR), -1);
        return new Runner(Long.parseLong(parts[0]), parts[1], parts[2], UUID.fromString(parts[3]));
    }

    /** Returns whether its process is known to be gone: it was one of this place, and is there no more. */
    public boolean isDead() {
        if (place.isEmpty() || start.isEmpty() || !place.equals(thisPlace())) {
            return false;
        }
        return ProcessHandle.of(pid)
                .map(process -> !startOf(process).equals(start))
                .orElse(true);
    }

    /** Returns it in words. */
    public String words() {
        return "process " + pid + (place.equals(thisPlace()) ? "" : " of another machine");
    }

    @Override
    public String toString() {
        return pid + " " + start + SEPARATOR + place + SEPARATOR + id;
    }

    private static String startOf(ProcessHandle process) {
        Optional<Instant> start = process.info().startInstant();
        return start.map(Instant::toString).orElse("");
    }

    /** On Linux the boot and the space of pids; elsewhere a runner that died is waited for. */
    private static String thisPlace() {
        try {
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return boot + "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
