// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leftfold.memory.MemoryEventStore;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Followers of a log that grows by an event whenever it is read. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ReadingSubscriptionTest {
    private final HeadSignal signal = new HeadSignal(0);
    private final EventStore store = new ForwardingStore(new MemoryEventStore()) {
        @Override
        public Stream<RecordedEvent> read(Query query, long from, Direction direction, long limit) {
            Stream<RecordedEvent> events = super.read(query, from, direction, limit);
            fill(1);
            return events;
        }
    };
    private final Subscription follower = new ReadingSubscription(store, signal, Query.all(), 0);

    @Test
    void what_is_appended_during_a_batch_does_not_put_the_follower_behind() throws InterruptedException {
        fill(10);

        Batch batch = follower.next(100, Duration.ZERO);

        assertThat(batch.position()).isEqualTo(10);
        assertThat(batch.caughtUp()).isTrue();
        assertThat(store.head()).isEqualTo(11);
    }

    @Test
    void what_was_appended_since_an_earlier_batch_does() throws InterruptedException {
        fill(10);
        assertThat(follower.next(6, Duration.ZERO).caughtUp()).isFalse();
        fill(5);

        Batch batch = follower.next(6, Duration.ZERO);

        assertThat(batch.position()).isEqualTo(10);
        assertThat(batch.head()).isEqualTo(16);
        assertThat(follower.next(100, Duration.ZERO).position()).isEqualTo(16);
    }

    @Test
    void a_batch_that_ends_at_the_head_is_followed_by_the_rest() throws InterruptedException {
        fill(10);
        assertThat(follower.next(10, Duration.ZERO).position()).isEqualTo(10);

        assertThat(follower.next(10, Duration.ofSeconds(30)).events())
                .extracting(RecordedEvent::position)
                .containsExactly(11L);
    }

    private void fill(int events) {
        List<Event> some = IntStream.range(0, events)
                .mapToObj(i -> Event.of("Counted", Data.json("{}")))
                .toList();
        StreamId stream = StreamId.of("counter-1");
        signal.advance(store.append(stream, store.streamVersion(stream), some).position());
    }
}
