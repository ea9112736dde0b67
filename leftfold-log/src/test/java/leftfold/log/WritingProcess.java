// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;

/** A process of its own that appends from many threads, and prints a line for each append once it is acknowledged. */
final class WritingProcess {
    static final int WRITERS = 16;
    static final int EVENTS_PER_APPEND = 3;

    private WritingProcess() {}

    static StreamId stream(int writer) {
        return StreamId.of("writer", Integer.toString(writer));
    }

    public static void main(String[] args) throws InterruptedException {
        LogEventStore store =
                LogEventStore.open(Path.of(args[0]), LogOptions.defaults().withSegmentBytes(64 << 10, 256 << 10));
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            threads.add(Thread.ofVirtual().start(() -> append(store, number, System.out)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void append(LogEventStore store, int writer, PrintStream out) {
        StreamId stream = stream(writer);
        long version = store.streamVersion(stream);
        while (true) {
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < EVENTS_PER_APPEND; i++) {
                events.add(Event.of("Written", Data.json("{\"n\":%d}".formatted(version + i))));
            }
            version = store.append(stream, version, events).version();
            out.print(writer + " " + version + " .\n");
        }
    }
}
