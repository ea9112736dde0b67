// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import leftfold.store.Data;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One relay, and messages and targets that fail. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class OutboxRelayTest {
    private final OutboxFixture here = new OutboxFixture();
    private final AtomicBoolean ill = new AtomicBoolean(true);
    private final AtomicInteger tries = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        here.close();
    }

    @Test
    void a_rejected_message_is_parked_with_its_reason_and_later_ones_of_its_key_go_on() throws Exception {
        Inbox inbox = refusing(new DeliveryException.Rejected("no such\0 product", null));
        UUID bad = here.publish("a", "Bad", "1");
        here.publish("a", "Good", "2");
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(inbox.texts()).containsExactly("2");
        assertThat(here.outbox.parked(10)).singleElement().satisfies(parked -> {
            assertThat(parked.published().message().id()).isEqualTo(bad);
            assertThat(parked.published().message().data()).isEqualTo(Data.json("1"));
            assertThat(parked.attempts()).isEqualTo(1);
            assertThat(parked.reason()).isEqualTo("no such? product");
            assertThat(parked.parkedAt()).isAfterOrEqualTo(parked.published().publishedAt());
        });
        assertThat(here.outbox.status().parked()).isEqualTo(1);
    }

    @Test
    void a_target_that_wants_to_be_left_alone_for_good_is_tried_once() throws Exception {
        here.publish("a", "Good", "1");
        here.relay(
                messages -> {
                    tries.incrementAndGet();
                    throw new DeliveryException.Unavailable("never", ChronoUnit.FOREVER.getDuration(), null);
                },
                OutboxFixture.QUICK);
        OutboxFixture.until(() -> !here.outbox.status().blocked().isEmpty());
        long beats = here.number("SELECT beat FROM leftfold_outbox_relays");
        OutboxFixture.until(() -> here.number("SELECT beat FROM leftfold_outbox_relays") > beats + 1);
        assertThat(tries).hasValue(1);
    }

    @Test
    void a_parked_message_is_delivered_when_it_is_retried_and_gone_when_it_is_dropped() throws Exception {
        Inbox inbox = refusing(new DeliveryException.Rejected("not now", null));
        UUID first = here.publish("a", "Bad", "1");
        UUID second = here.publish("a", "Bad", "2");
        here.publish("b", "Bad", "3");
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(here.outbox.drop(second)).isTrue();
        assertThat(here.outbox.drop(second)).isFalse();
        ill.set(false);
        assertThat(here.outbox.retry(first)).isTrue();
        assertThat(here.outbox.retry(second)).isFalse();
        assertThat(here.outbox.retryAll()).isEqualTo(1);
        here.untilDelivered();
        assertThat(inbox.texts()).containsExactlyInAnyOrder("1", "3");
        assertThat(inbox.received)
                .filteredOn(one -> one.message().id().equals(first))
                .hasSize(1);
        assertThat(here.outbox.parked(10)).isEmpty();
    }

    @Test
    void a_parked_id_is_not_published_again() throws Exception {
        here.relay(refusing(new DeliveryException.Rejected("never", null)), OutboxFixture.QUICK);
        OutboxMessage bad = OutboxMessage.of("a", "Bad", Data.json("1"));
        here.publish(bad);
        here.untilDelivered();
        assertThat(here.publish(bad)).isZero();
    }

    @Test
    void a_message_that_keeps_failing_is_parked_after_so_many_attempts() throws Exception {
        Inbox inbox = refusing(new IllegalStateException("cannot"));
        here.publish("a", "Bad", "1");
        here.publish("a", "Good", "2");
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(tries).hasValue(3);
        assertThat(inbox.texts()).containsExactly("2");
        assertThat(here.outbox.parked(10)).singleElement().satisfies(parked -> {
            assertThat(parked.attempts()).isEqualTo(3);
            assertThat(parked.reason()).contains("IllegalStateException").contains("cannot");
        });
        assertThat(here.outbox.status().blocked()).isEmpty();
    }

    @Test
    void an_error_in_the_target_counts_as_an_attempt_like_an_exception() throws Exception {
        Inbox inbox = new Inbox() {
            @Override
            void refuse(PublishedMessage message) {
                throw new StackOverflowError();
            }
        };
        here.publish("a", "Bad", "1");
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(here.outbox.parked(1)).hasSize(1);
    }

    @Test
    void attempts_are_counted_on_by_the_next_relay() throws Exception {
        RelaySettings slow = OutboxFixture.QUICK.withRetries(Duration.ofHours(1), Duration.ofHours(1));
        here.publish("a", "Bad", "1");
        for (int relay = 1; relay <= 2; relay++) {
            int attempt = relay;
            try (OutboxRelay first = here.relay(refusing(new IllegalStateException()), slow)) {
                OutboxFixture.until(() -> blockedAttempts().equals(List.of(attempt)));
                first.wake();
            }
        }
        here.relay(refusing(new IllegalStateException()), slow);
        here.untilDelivered();
        assertThat(here.outbox.parked(1).getFirst().attempts()).isEqualTo(3);
    }

    @Tag("slow")
    @Test
    void a_target_that_is_away_is_waited_for_beyond_the_limit_of_attempts_and_order_is_kept() throws Exception {
        Inbox inbox = refusing(new DeliveryException.Unavailable("closed on Sundays", Duration.ZERO, null));
        here.publish("a", "Bad", "1");
        here.publish("a", "Good", "2");
        here.relay(inbox, OutboxFixture.QUICK);
        OutboxFixture.until(() -> tries.get() > 10);
        assertThat(inbox.texts()).isEmpty();
        assertThat(here.outbox.status().waiting()).isEqualTo(2);
        assertThat(here.outbox.status().blocked()).singleElement().satisfies(blocked -> {
            assertThat(blocked.attempts()).isZero();
            assertThat(blocked.reason()).isEqualTo("closed on Sundays");
        });
        ill.set(false);
        here.untilDelivered();
        assertThat(inbox.texts()).containsExactly("1", "2");
        assertThat(here.outbox.parked(1)).isEmpty();
    }

    @Test
    void a_shard_that_is_held_up_holds_up_no_other() throws Exception {
        Inbox inbox = refusing(new DeliveryException.Unavailable("away", Duration.ZERO, null));
        here.publish("a", "Bad", "stuck");
        for (int i = 0; i < 50; i++) {
            here.publish("key" + i, "Good", String.valueOf(i));
        }
        long others = here.number("SELECT count(*) FROM leftfold_outbox WHERE shard <>"
                + " (SELECT shard FROM leftfold_outbox WHERE key = 'a')");
        here.relay(inbox, OutboxFixture.QUICK);
        OutboxFixture.until(() -> inbox.received.size() == others);
        assertThat(inbox.texts()).doesNotContain("stuck");
    }

    @Test
    void in_a_batch_the_one_that_is_to_blame_is_parked_alone() throws Exception {
        Inbox inbox = new Inbox() {
            @Override
            public int batchMessagesMax() {
                return 50;
            }

            @Override
            public void deliver(List<PublishedMessage> messages) {
                if (messages.stream().anyMatch(one -> one.message().type().equals("Bad"))) {
                    throw new DeliveryException.Rejected("one of " + messages.size(), null);
                }
                received.addAll(messages);
            }
        };
        here.publish(IntStream.range(0, 100)
                .mapToObj(i -> OutboxMessage.of("a", i == 30 ? "Bad" : "Good", Data.json(String.valueOf(i))))
                .toArray(OutboxMessage[]::new));
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(inbox.texts())
                .isEqualTo(IntStream.range(0, 100)
                        .filter(i -> i != 30)
                        .mapToObj(String::valueOf)
                        .toList());
        assertThat(here.outbox.parked(2)).extracting(ParkedMessage::reason).containsExactly("one of 1");
    }

    @Test
    void large_messages_come_in_pages_that_memory_holds() throws Exception {
        Inbox inbox = new Inbox();
        Data large = Data.of(new byte[3 * 1_024 * 1_024], Data.BINARY);
        for (int i = 0; i < 5; i++) {
            here.publish(OutboxMessage.of("a", "type" + i, large));
        }
        assertThat(new OutboxTable(new Rows(here.database)).page(shardOf("a"), 0, 100))
                .as("of 3 MiB each, where a page has 4 MiB and is not left empty")
                .hasSize(2);
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        assertThat(inbox.received)
                .extracting(one -> one.message().type())
                .containsExactly("type0", "type1", "type2", "type3", "type4");
    }

    @Test
    void a_pool_whose_connections_do_not_commit_by_themselves_will_do() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(TestServer.source(here.database.getSchema()));
        config.setAutoCommit(false);
        try (HikariDataSource pool = new HikariDataSource(config);
                OutboxRelay first =
                        OutboxRelay.start(pool, TableTarget.of(pool, "queue").create(), OutboxFixture.QUICK)) {
            here.publish("a", "Good", "1");
            first.wake();
            here.untilDelivered();
            assertThat(here.number("SELECT count(*) FROM queue")).isEqualTo(1);
        }
        assertThat(here.shares()).as("given back when it was closed").containsOnlyKeys("");
    }

    private int shardOf(String key) {
        return (int) here.number("SELECT shard FROM leftfold_outbox WHERE key = '" + key + "' LIMIT 1");
    }

    private List<Integer> blockedAttempts() {
        return here.outbox.status().blocked().stream()
                .map(OutboxStatus.Blocked::attempts)
                .toList();
    }

    /** Returns a target that does this to messages of the type Bad, as long as it is ill. */
    private Inbox refusing(RuntimeException failure) {
        return new Inbox() {
            @Override
            void refuse(PublishedMessage message) {
                if (ill.get() && message.message().type().equals("Bad")) {
                    tries.incrementAndGet();
                    throw failure;
                }
            }
        };
    }
}
