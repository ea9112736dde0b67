// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What was loaded is not looked for again: that costs several times what the read does. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class LookaheadTest {
    private static final int STREAMS = 100;
    private static final int EVENTS_A_STREAM = 200; // their places lie in many blocks of the index
    private static final int PAGE_BYTES = 4_096;
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(1 << 20, 1 << 20);

    private final SimDirectory disk = new SimDirectory();
    private final Set<String> loaded = ConcurrentHashMap.newKeySet();
    private final AtomicInteger misses = new AtomicInteger();

    /** Knows as loaded what it has loaded. */
    private final class Memory implements Directory.Loader {
        private final String file;
        private final long viewOffset;

        Memory(String file) {
            this.file = file;
            this.viewOffset = file.endsWith(".log") ? 0 : PAGE_BYTES; // index files are viewed from behind their header
        }

        @Override
        public boolean isLoaded(ByteBuffer view, int offset, int length) {
            boolean there = pages(viewOffset + offset, length).allMatch(loaded::contains);
            if (!there) {
                misses.incrementAndGet();
            }
            return there;
        }

        @Override
        public void load(long offset, int length) {
            pages(offset, length).forEach(loaded::add);
        }

        private Stream<String> pages(long offset, int length) {
            return Stream.iterate(offset / PAGE_BYTES, page -> page * PAGE_BYTES < offset + length, page -> page + 1)
                    .map(page -> file + " " + page);
        }
    }

    @BeforeEach
    void fill_some_segments() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (int i = 0; i < STREAMS * EVENTS_A_STREAM; i++) {
                store.append(
                        StreamId.of("thing-" + i % STREAMS),
                        i / STREAMS,
                        List.of(Event.of("Counted", Data.json("{\"n\":%d}".formatted(i)))));
            }
        }
        disk.loaders(Memory::new);
    }

    @Test
    void scattered_events_are_missed_once() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            check(store);
        }
    }

    @Test
    void events_in_a_row_are_missed_once() throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.compact().events()).isGreaterThan(STREAMS * EVENTS_A_STREAM / 2);
        }
        loaded.clear();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            check(store);
        }
    }

    @Test
    void index_files_that_turn_out_to_be_damaged_as_they_are_loaded_are_replaced() throws IOException {
        QuietLog.on();
        List<String> files =
                disk.list().stream().filter(name -> name.endsWith(".keys")).toList();
        assertThat(files).hasSizeGreaterThan(1);
        for (String file : files) {
            byte[] bytes = disk.bytes(file);
            int end = PAGE_BYTES + (int) (long) LittleEndian.LONG.get(bytes, 56); // of the body
            for (int page = PAGE_BYTES; page < end; page += PAGE_BYTES) {
                bytes[page] ^= 1;
            }
        }
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            check(store);
        }
    }

    private void check(LogEventStore store) {
        read(store);
        int before = misses.getAndSet(0);
        assertThat(before).isPositive();
        read(store);
        assertThat(misses).hasValue(0);
    }

    private static void read(LogEventStore store) {
        for (int i = 0; i < STREAMS; i++) {
            try (Stream<RecordedEvent> events = store.readStream(StreamId.of("thing-" + i))) {
                assertThat(events.mapToLong(RecordedEvent::version).toArray())
                        .hasSize(EVENTS_A_STREAM)
                        .isSorted();
            }
        }
    }
}
