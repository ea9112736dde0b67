// SPDX-License-Identifier: Apache-2.0
package leftfold.memory;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.AppendRules;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.HeadSignal;
import leftfold.store.Query;
import leftfold.store.ReadingSubscription;
import leftfold.store.RecordedEvent;
import leftfold.store.RestorableStore;
import leftfold.store.RestoreRules;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.StreamWrite;
import leftfold.store.Subscription;
import org.jspecify.annotations.Nullable;

/** A log in this process's memory; nothing survives it. Safe for use by many threads. */
public final class MemoryEventStore implements RestorableStore {
    private final UUID id = UUID.randomUUID();
    private final InstantSource clock;
    private final HeadSignal signal = new HeadSignal(0);
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<RecordedEvent> log = new ArrayList<>();
    private final Map<StreamId, List<RecordedEvent>> streams = new LinkedHashMap<>();
    private final Map<StreamId, Map<UUID, RecordedEvent>> ids = new HashMap<>();
    private final View view = new View();

    /** Creates an empty log that takes the time from the system. */
    public MemoryEventStore() {
        this(InstantSource.system());
    }

    /** Creates an empty log that takes the time from {@code clock}. */
    public MemoryEventStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public AppendResult append(Append append) {
        lock.writeLock().lock();
        try {
            signal.checkOpen();
            AppendResult earlier = AppendRules.decide(append, view);
            if (earlier != null) {
                return earlier;
            }
            Instant now = now();
            List<StreamVersion> versions = new ArrayList<>();
            for (StreamWrite write : append.writes()) {
                versions.add(record(write, now));
            }
            signal.advance(log.size());
            return new AppendResult(log.size(), versions, false);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void restore(List<RecordedEvent> events) {
        List<RecordedEvent> checked = RestoreRules.checked(events);
        lock.writeLock().lock();
        try {
            signal.checkOpen();
            RestoreRules.check(checked, log.size(), lastRecordedAt(), view);
            checked.forEach(this::keep);
            signal.advance(log.size());
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
        signal.checkRead(from, limit);
        long head = signal.head();
        return positions(from, head, direction)
                .mapToObj(position -> locked(() -> log.get((int) position - 1)))
                .filter(query::matches)
                .limit(limit);
    }

    @Override
    public Stream<RecordedEvent> readStream(StreamId stream, long from, Direction direction, long limit) {
        signal.checkRead(from, limit);
        List<RecordedEvent> events = streams(stream);
        long version = locked(events::size);
        return positions(from, version, direction)
                .mapToObj(v -> locked(() -> events.get((int) v - 1)))
                .limit(limit);
    }

    @Override
    public Optional<RecordedEvent> find(StreamId stream, UUID eventId) {
        signal.checkOpen();
        return Optional.ofNullable(
                locked(() -> ids.getOrDefault(stream, Map.of()).get(eventId)));
    }

    @Override
    public Subscription subscribe(Query query, long after) {
        signal.checkOpen();
        return new ReadingSubscription(this, signal, query, after);
    }

    @Override
    public long streamVersion(StreamId stream) {
        signal.checkOpen();
        return locked(() -> streams(stream).size());
    }

    @Override
    public long head() {
        signal.checkOpen();
        return signal.head();
    }

    @Override
    public long positionAt(Instant instant) {
        signal.checkOpen();
        return locked(() -> {
            int low = 0;
            int high = log.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (log.get(middle).recordedAt().isAfter(instant)) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return (long) low;
        });
    }

    @Override
    public Stream<StreamVersion> streams() {
        signal.checkOpen();
        return locked(() -> streams.entrySet().stream()
                .map(entry -> new StreamVersion(entry.getKey(), entry.getValue().size()))
                .toList()
                .stream());
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            signal.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private StreamVersion record(StreamWrite write, Instant now) {
        long version = streams(write.stream()).size();
        for (Event event : write.events()) {
            keep(new RecordedEvent(log.size() + 1L, write.stream(), ++version, now, event));
        }
        return new StreamVersion(write.stream(), version);
    }

    private void keep(RecordedEvent event) {
        log.add(event);
        streams.computeIfAbsent(event.stream(), name -> new ArrayList<>()).add(event);
        ids.computeIfAbsent(event.stream(), name -> new HashMap<>()).put(event.id(), event);
    }

    private Instant now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Instant last = lastRecordedAt();
        return now.isBefore(last) ? last : now;
    }

    private Instant lastRecordedAt() {
        return log.isEmpty() ? Instant.MIN : log.getLast().recordedAt();
    }

    private static LongStream positions(long from, long last, Direction direction) {
        return switch (direction) {
            case FORWARDS -> LongStream.rangeClosed(Math.max(1, from), last);
            case BACKWARDS -> {
                long first = Math.min(from, last);
                yield LongStream.rangeClosed(1, first).map(position -> first - position + 1);
            }
        };
    }

    private List<RecordedEvent> streams(StreamId stream) {
        return locked(() -> streams.getOrDefault(stream, List.of()));
    }

    private <T extends @Nullable Object> T locked(Supplier<T> read) {
        lock.readLock().lock();
        try {
            return read.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The log as an append sees it. Confined to the holder of the write lock. */
    private final class View implements AppendRules.View {
        @Override
        public long streamVersion(StreamId stream) {
            return streams(stream).size();
        }

        @Override
        public long versionOf(StreamId stream, UUID eventId) {
            RecordedEvent event = ids.getOrDefault(stream, Map.of()).get(eventId);
            return event == null ? 0 : event.version();
        }

        @Override
        public long positionOf(StreamId stream, long version) {
            return streams(stream).get((int) version - 1).position();
        }

        @Override
        public long firstMatch(Query query, long position) {
            for (int i = (int) Math.min(position, log.size()); i < log.size(); i++) {
                RecordedEvent event = log.get(i);
                if (query.matches(event)) {
                    return event.position();
                }
            }
            return 0;
        }
    }
}
