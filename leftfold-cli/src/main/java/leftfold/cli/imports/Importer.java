// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import leftfold.decider.NamedIds;
import leftfold.store.AppendCondition;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.jspecify.annotations.Nullable;

/**
 * Brings the events of a file into streams {@code name-case}, in the file's order within each case.
 *
 * <p>The nth event of a case is version n of its stream, and its id is made of the stream's name and n. So what is
 * there already is recognised: the same file again adds nothing, an interrupted import goes on, a file that grew adds
 * what is new, and another file under the same name is refused. Events go in batches, each of them all or nothing.
 * Memory holds one batch and a counter for each stream. Confined to one thread.
 */
public final class Importer implements AutoCloseable {
    /** The namespace of all imported events' ids; never changes, or a second import would find strangers. */
    private static final UUID IMPORTED = UUID.fromString("5b1f4f43-6c1e-4d35-9f43-0a7d4b8a7a10");

    private static final int BATCH_EVENTS_MAX = 1_000;
    private static final long BATCH_BYTES_MAX = 8L * 1_024 * 1_024;

    private final Supplier<EventStore> location;
    private final Metadata metadata;
    private final LongConsumer progress;
    private final Map<StreamId, Reached> streams = new HashMap<>();
    private final LinkedHashMap<StreamId, List<Event>> batch = new LinkedHashMap<>();
    private @Nullable EventStore store;
    private int batchEvents;
    private long batchBytes;
    private long done;
    private long added;

    /**
     * Creates an importer.
     *
     * @param location opens the store; asked once there is something to put into it
     * @param producer stands in the metadata of what is added
     * @param progress is told, now and then, how many bytes of the file were read
     */
    public Importer(Supplier<EventStore> location, String producer, LongConsumer progress) {
        this.location = location;
        this.metadata = Metadata.none().withProducer(producer);
        this.progress = progress;
    }

    /**
     * Imports one file; once for each importer. An interrupt ends it after the current batch.
     *
     * @throws ImportException if the file cannot be imported as it is, or the thread was interrupted; whole batches
     *     before that are stored
     * @throws StoreException if the store refuses; whole batches before that are stored
     */
    public ImportReport run(ImportRequest request) throws IOException {
        try (ImportFile file = ImportFile.open(request.file())) {
            String prefix = request.streamPrefix();
            FileFormat format = request.format();
            if (format == null) {
                format = FileFormat.guess(request.fileName(), file.beginning());
            }
            read(file, source(file, format, request), prefix);
            return new ImportReport(prefix, format, done, added, streams.size());
        } catch (ImportException | StoreException.Unavailable e) {
            throw done == 0
                    ? e
                    : new ImportException(e.getMessage() + " (the " + done
                            + " events before that are in the store; the next import goes on from there)");
        }
    }

    /** Closes the store, if it was opened. */
    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }

    private static EventSource source(ImportFile file, FileFormat format, ImportRequest request) throws IOException {
        try {
            return switch (format) {
                case XES -> new XesSource(file, request.columns());
                case CSV -> new CsvSource(file, request);
                case JSONL -> new JsonLinesSource(file, request);
            };
        } catch (IOException e) {
            file.checkReadable();
            throw e;
        }
    }

    private void read(ImportFile file, EventSource source, String prefix) throws IOException {
        while (addNext(source, prefix)) {
            if (batchEvents >= BATCH_EVENTS_MAX || batchBytes >= BATCH_BYTES_MAX) {
                flush();
                progress.accept(file.bytesRead());
                if (Thread.currentThread().isInterrupted()) {
                    throw new ImportException("interrupted; import the file again");
                }
            }
        }
        // A parser may take the end of a file that is cut off for the end of its text.
        file.checkReadable();
        flush();
        store();
    }

    /** Puts the next event into the batch; returns false at the file's end. */
    private boolean addNext(EventSource source, String prefix) throws IOException {
        try {
            FileEvent next = source.next();
            switch (next) {
                case null -> {
                    return false;
                }
                case FileEvent.Activity activity -> add(prefix, activity);
                case FileEvent.Stored stored -> {
                    keepOrder(stored.stream());
                    add(stored.stream(), stored.event());
                }
            }
            return true;
        } catch (IllegalArgumentException e) {
            throw new ImportException(source.place(), String.valueOf(e.getMessage()));
        }
    }

    private void add(String prefix, FileEvent.Activity activity) {
        StreamId stream = StreamId.of(prefix, activity.caseId());
        long version =
                reached(stream).done + batch.getOrDefault(stream, List.of()).size() + 1;
        add(stream, new Event(id(stream, version), activity.type(), 1, activity.data(), metadata, Set.of()));
    }

    /** A batch lies stream by stream in the log, so it ends where that would not be the order of the file. */
    private void keepOrder(StreamId stream) {
        if (!batch.isEmpty() && !batch.lastEntry().getKey().equals(stream) && batch.containsKey(stream)) {
            flush();
        }
    }

    private void add(StreamId stream, Event event) {
        reached(stream);
        batch.computeIfAbsent(stream, name -> new ArrayList<>()).add(event);
        batchEvents++;
        batchBytes += event.data().size();
    }

    private static UUID id(StreamId stream, long version) {
        return NamedIds.named(IMPORTED, version + "/" + stream.value());
    }

    private Reached reached(StreamId stream) {
        return streams.computeIfAbsent(stream, name -> new Reached());
    }

    private void flush() {
        if (batch.isEmpty()) {
            return;
        }
        List<StreamWrite> writes = new ArrayList<>();
        List<AppendCondition> conditions = new ArrayList<>();
        batch.forEach((stream, events) -> {
            int known = checkKnown(stream, events);
            if (known < events.size()) {
                writes.add(new StreamWrite(stream, events.subList(known, events.size())));
                conditions.add(new AppendCondition.StreamAt(stream, reached(stream).stored));
            }
        });
        if (!writes.isEmpty()) {
            append(writes, conditions);
        }
        batch.forEach((stream, events) -> reached(stream).done += events.size());
        done += batchEvents;
        batch.clear();
        batchEvents = 0;
        batchBytes = 0;
    }

    private void append(List<StreamWrite> writes, List<AppendCondition> conditions) {
        try {
            store().append(writes, conditions);
        } catch (StoreException.Conflict e) {
            throw new ImportException(e.getMessage() + ": somebody else writes to it; import the file again");
        } catch (StoreException.EventIdConflict e) {
            throw new ImportException(e.getMessage() + "; import this file under another name with --name");
        }
        for (StreamWrite write : writes) {
            reached(write.stream()).stored += write.events().size();
            added += write.events().size();
        }
    }

    /** Returns how many of {@code events}, the next of {@code stream}, are in the store already. */
    private int checkKnown(StreamId stream, List<Event> events) {
        Reached reached = reached(stream);
        if (reached.stored == Reached.UNKNOWN) {
            reached.stored = store().streamVersion(stream);
        }
        int known = Math.clamp(reached.stored - reached.done, 0, events.size());
        if (known == 0) {
            return 0;
        }
        try (Stream<RecordedEvent> stored = store().readStream(stream, reached.done + 1, Direction.FORWARDS, known)) {
            Iterator<RecordedEvent> each = stored.iterator();
            for (Event event : events.subList(0, known)) {
                checkSame(each.next(), event);
            }
        }
        return known;
    }

    private static void checkSame(RecordedEvent stored, Event event) {
        boolean same = stored.id().equals(event.id())
                && stored.type().equals(event.type())
                && stored.data().equals(event.data());
        if (!same) {
            throw new ImportException("stream " + stored.stream() + " already has another event at version "
                    + stored.version() + ", " + stored.type() + "; if this is another log, give it another --name");
        }
    }

    private EventStore store() {
        if (store == null) {
            store = location.get();
        }
        return store;
    }

    /** How far a stream is. */
    private static final class Reached {
        private static final long UNKNOWN = -1;

        private long done; // events of the file up to the current batch
        private long stored = UNKNOWN; // the stream's version
    }
}
