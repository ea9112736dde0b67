// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import leftfold.projection.Documents;
import leftfold.projection.MemoryDocuments;
import leftfold.projection.Projection;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * A projection's test in its own words: given these events, the read model is that. For users. Every check throws
 * {@link AssertionError} if it fails. Immutable.
 *
 * <pre>{@code
 * ProjectionFixture.of(issued, codec)
 *         .given("card-1", new Issued("ada", 700))
 *         .given("card-2", new Issued("ada", 300))
 *         .then("ada", 1_000L)
 *         .thenTheSameInAnyOrder(42);
 * }</pre>
 *
 * @param <E> events
 * @param <D> documents
 */
public final class ProjectionFixture<E, D> {
    private static final int ROUNDS = 50;
    private static final Instant FIRST_AT = Instant.parse("2026-01-01T00:00:00Z");

    private final Projection<Documents<D>> projection;
    private final EventCodec<E> codec;
    private final List<RecordedEvent> events;

    private ProjectionFixture(Projection<Documents<D>> projection, EventCodec<E> codec, List<RecordedEvent> events) {
        this.projection = projection;
        this.codec = codec;
        this.events = List.copyOf(events);
    }

    /** Returns a fixture for {@code projection} before its first event. */
    public static <E, D> ProjectionFixture<E, D> of(Projection<Documents<D>> projection, EventCodec<E> codec) {
        return new ProjectionFixture<>(projection, codec, List.of());
    }

    /** Returns the fixture after these events have been recorded in {@code stream} too, a second apart. */
    @SafeVarargs
    public final ProjectionFixture<E, D> given(String stream, E... more) {
        List<E> list = new ArrayList<>();
        for (E event : more) {
            list.add(event);
        }
        return given(stream, Metadata.none(), list);
    }

    /** Returns the fixture after these events have been recorded in {@code stream} too, with this metadata. */
    public ProjectionFixture<E, D> given(String stream, Metadata metadata, List<? extends E> more) {
        List<RecordedEvent> all = new ArrayList<>(events);
        StreamId id = StreamId.of(stream);
        for (E event : more) {
            EncodedEvent encoded = codec.encode(event);
            long position = all.size() + 1L;
            long version =
                    1 + all.stream().filter(one -> one.stream().equals(id)).count();
            all.add(new RecordedEvent(
                    position,
                    id,
                    version,
                    FIRST_AT.plusSeconds(position),
                    new Event(
                            UUID.nameUUIDFromBytes((stream + "/" + version).getBytes(StandardCharsets.UTF_8)),
                            encoded.type(),
                            encoded.schemaVersion(),
                            encoded.data(),
                            metadata,
                            encoded.tags())));
        }
        return new ProjectionFixture<>(projection, codec, all);
    }

    /** Checks the document at {@code key}. */
    public ProjectionFixture<E, D> then(String key, D document) {
        D found = fold(events).get(key);
        if (!document.equals(found)) {
            throw failure("the document at " + key + " is another one", document, found);
        }
        return this;
    }

    /** Checks that nothing is at {@code key}. */
    public ProjectionFixture<E, D> thenNothing(String key) {
        D found = fold(events).get(key);
        if (found != null) {
            throw failure("there is a document at " + key, null, found);
        }
        return this;
    }

    /** Checks that exactly these documents are there. */
    public ProjectionFixture<E, D> thenAll(Map<String, D> documents) {
        SortedMap<String, D> found = fold(events);
        if (!found.equals(documents)) {
            throw failure("the read model is another one", new TreeMap<>(documents), found);
        }
        return this;
    }

    /**
     * Checks that the read model is the same in {@value #ROUNDS} random orders of the events that keep the order within
     * each stream, with some deliveries made twice, the first of which is taken back: what a program does that reads
     * several streams, and what a crash does. A projection that counts on an order across streams, that changes a
     * document in place, or that remembers something elsewhere does not pass.
     *
     * @param seed gives the same orders again
     */
    public ProjectionFixture<E, D> thenTheSameInAnyOrder(long seed) {
        SortedMap<String, D> expected = fold(events);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<RecordedEvent> order = shuffled(random);
            SortedMap<String, D> found = fold(order, random);
            if (!found.equals(expected)) {
                throw failure(
                        "seed " + seed + ", round " + round + ": another read model after the events in the order "
                                + order.stream()
                                        .map(event -> event.stream() + "/" + event.version())
                                        .toList(),
                        expected,
                        found);
            }
        }
        return this;
    }

    private SortedMap<String, D> fold(List<RecordedEvent> order) {
        return fold(order, null);
    }

    private SortedMap<String, D> fold(List<RecordedEvent> order, @Nullable Random repeats) {
        MemoryDocuments<D> documents = new MemoryDocuments<>();
        for (RecordedEvent event : order) {
            if (repeats != null && repeats.nextInt(3) == 0) {
                apply(event, new TakenBack<>(documents));
            }
            apply(event, documents);
        }
        return documents.all();
    }

    private void apply(RecordedEvent event, Documents<D> documents) {
        if (!projection.query().matches(event)) {
            return;
        }
        try {
            projection.apply(event, documents);
        } catch (Exception e) {
            throw new AssertionFailedError("the projection fails at " + event.type() + " in " + event.stream(), e);
        }
    }

    private List<RecordedEvent> shuffled(Random random) {
        Map<StreamId, List<RecordedEvent>> streams = new TreeMap<>();
        events.forEach(event -> streams.computeIfAbsent(event.stream(), stream -> new ArrayList<>())
                .add(event));
        List<List<RecordedEvent>> left = new ArrayList<>(streams.values());
        List<RecordedEvent> order = new ArrayList<>();
        while (!left.isEmpty()) {
            List<RecordedEvent> next = left.get(random.nextInt(left.size()));
            RecordedEvent event = next.removeFirst();
            order.add(new RecordedEvent(
                    order.size() + 1L, event.stream(), event.version(), event.recordedAt(), event.event()));
            if (next.isEmpty()) {
                left.remove(next);
            }
        }
        return order;
    }

    private static AssertionError failure(String what, @Nullable Object expected, @Nullable Object actual) {
        return new AssertionFailedError(
                what + "\nexpected:\n  " + expected + "\nactual:\n  " + actual,
                Objects.toString(expected),
                Objects.toString(actual));
    }

    /** Documents whose changes come to nothing. */
    private record TakenBack<D>(Documents<D> real, Map<String, Optional<D>> changes) implements Documents<D> {
        TakenBack(Documents<D> real) {
            this(real, new TreeMap<>());
        }

        @Override
        public @Nullable D get(String key) {
            Optional<D> change = changes.get(key);
            return change == null ? real.get(key) : change.orElse(null);
        }

        @Override
        public void put(String key, D document) {
            changes.put(key, Optional.of(document));
        }

        @Override
        public void remove(String key) {
            changes.put(key, Optional.empty());
        }
    }
}
