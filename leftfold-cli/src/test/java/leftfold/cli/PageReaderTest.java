// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import leftfold.memory.MemoryEventStore;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.Limits;
import leftfold.store.RecordedEvent;
import leftfold.store.RestoreRules;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PageReaderTest {
    private static final StreamId STREAM = StreamId.of("thing-1");

    private Instant now = Instant.EPOCH;
    private final EventStore store = new MemoryEventStore(() -> now);

    private void append(int events, int bytes) {
        Data data = Data.of(new byte[bytes], Data.BINARY);
        List<Event> all = IntStream.range(0, events)
                .mapToObj(i -> Event.of("Happened", data))
                .toList();
        store.append(STREAM, store.streamVersion(STREAM), all);
        now = now.plus(Duration.ofMillis(1));
    }

    /** Returns the sizes of the pages, after checking that each can be restored and that together they are the log. */
    private List<Integer> pages(long from, long to) throws InterruptedIOException {
        List<Integer> sizes = new ArrayList<>();
        long position = from;
        try (PageReader pages = new PageReader(store, from, to)) {
            for (List<RecordedEvent> page = pages.next(); !page.isEmpty(); page = pages.next()) {
                assertThat(RestoreRules.checked(page)).isEqualTo(page);
                assertThat(page.getFirst().position()).isEqualTo(position);
                position += page.size();
                sizes.add(page.size());
            }
        }
        assertThat(position).isEqualTo(to + 1);
        return sizes;
    }

    @Test
    void a_page_ends_between_appends() throws Exception {
        append(4_999, 0);
        append(3, 0);
        append(9_000, 0);
        append(3_000, 0);
        append(3_000, 0);
        append(1, 0);

        assertThat(pages(1, store.head())).containsExactly(5_002, 9_000, 6_000, 1);
    }

    @Test
    void large_events_make_short_pages() throws Exception {
        for (int i = 0; i < 5; i++) {
            append(2, 1_500_000);
        }

        assertThat(pages(1, store.head())).containsExactly(2, 2, 2, 2, 2);
    }

    @Test
    void more_events_of_one_time_than_can_be_restored_at_once_are_cut() throws Exception {
        append(10_000, 0);
        now = Instant.EPOCH;
        append(10_000, 0);
        assertThat(pages(1, store.head())).containsExactly(Limits.APPEND_EVENTS_MAX, 20_000 - Limits.APPEND_EVENTS_MAX);

        now = Instant.EPOCH;
        append(3, Limits.DATA_BYTES_MAX);
        append(3, Limits.DATA_BYTES_MAX);
        assertThat(pages(20_001, 20_006)).hasSizeGreaterThan(1);
    }

    @Test
    void a_part_of_a_log_is_read_and_nothing_of_an_empty_one() throws Exception {
        append(10, 0);
        append(10, 0);

        assertThat(pages(3, 17)).containsExactly(15);
        assertThat(pages(21, 20)).isEmpty();
    }

    @Test
    void what_goes_wrong_in_reading_is_thrown_and_an_interrupt_ends_it() throws Exception {
        append(1, 0);
        Thread.currentThread().interrupt();
        try (PageReader pages = new PageReader(store, 1, 1)) {
            assertThatThrownBy(pages::next).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        store.close();
        try (PageReader pages = new PageReader(store, 1, 1)) {
            assertThatThrownBy(pages::next).isInstanceOf(IllegalStateException.class);
        }
    }
}
