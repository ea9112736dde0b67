// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Subscription;

/**
 * A process of its own that appends from many threads to few streams, and prints a line before each append and one
 * after it. A follower writes what it sees into a file of its own, which is its checkpoint as well.
 */
final class WritingProcess {
    static final int WRITERS = 16;
    private static final int STREAMS = 8;

    private WritingProcess() {}

    /** Returns an append that its place in the run, and what it expects, say all about. */
    static Append append(int round, int writer, int number, long expected) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i <= number % 3; i++) {
            UUID id = new UUID(((long) round << 32) + writer, ((long) number << 8) + i);
            events.add(Event.of("Written", Data.json("{\"n\":%d}".formatted(number)))
                    .withId(id));
        }
        StreamId stream = stream(writer, number);
        return new Append(
                List.of(new StreamWrite(stream, events)), List.of(new AppendCondition.StreamAt(stream, expected)));
    }

    static StreamId stream(int writer, int number) {
        return StreamId.of("shared", Integer.toString(new SplittableRandom(100L * number + writer).nextInt(STREAMS)));
    }

    /** Returns what the follower writes about an event. */
    static String line(RecordedEvent event) {
        return event.position() + " " + event.id() + "\n";
    }

    /**
     * Writes to the store in the first argument, in the round of the second; follows into the file of the third. With a
     * fourth, one of so many calls to the disk fails. Ends by itself once the store takes no more.
     */
    public static void main(String[] args) throws Exception {
        SplittableRandom random = new SplittableRandom();
        int failing = args.length < 4 ? 0 : Integer.parseInt(args[3]);
        Directory disk = new WatchedDirectory(StoreFolder.create(Path.of(args[0])), (what, bytes) -> {
            if (failing > 0 && random.split().nextInt(failing) == 0) {
                throw new IOException("no luck");
            }
        });
        LogEventStore store = LogEventStore.open(disk, LogOptions.defaults().withSegmentBytes(64 << 10, 256 << 10));
        int round = Integer.parseInt(args[1]);
        Thread.ofVirtual().start(() -> follow(store, Path.of(args[2])));
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            Thread.Builder thread = writer % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
            writers.add(thread.start(() -> append(store, round, number, System.out)));
        }
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private static void append(LogEventStore store, int round, int writer, PrintStream out) {
        for (int number = 0; ; number++) {
            long expected = store.streamVersion(stream(writer, number));
            Append append = append(round, writer, number, expected);
            out.print("I %d %d %d %d .\n".formatted(writer, number, expected, System.nanoTime()));
            try {
                AppendResult result = store.append(append);
                out.print("A %d %d %d %d %d .\n"
                        .formatted(writer, number, result.position(), result.version(), System.nanoTime()));
            } catch (StoreException.Conflict e) {
                out.print("R %d %d %d %d .\n".formatted(writer, number, e.found(), System.nanoTime()));
            } catch (StoreException.Unavailable e) {
                out.print("N %d %d %d .\n".formatted(writer, number, System.nanoTime()));
                return;
            } catch (StoreException.OutcomeUnknown e) {
                return;
            }
        }
    }

    private static void follow(LogEventStore store, Path file) {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            List<String> lines = whole(file);
            long position = lines.isEmpty() ? 0 : Long.parseLong(lines.getLast().split(" ", 2)[0]);
            out.truncate(lines.stream().mapToLong(line -> line.length() + 1).sum());
            out.position(out.size());
            try (Subscription subscription = store.subscribe(Query.all(), position)) {
                while (true) {
                    StringBuilder seen = new StringBuilder();
                    subscription.next(100, Duration.ofSeconds(1)).events().forEach(event -> seen.append(line(event)));
                    out.write(java.nio.ByteBuffer.wrap(FrameBuffer.utf8(seen.toString())));
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the lines of the follower's file, without one that the last kill cut short. */
    static List<String> whole(Path file) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
}
