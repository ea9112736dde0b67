// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import leftfold.store.Data;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several relays of one outbox, some of which stand still or die. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class SharedOutboxTest {
    private static final int KEYS = 40;

    private final OutboxFixture here = new OutboxFixture();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        here.close();
    }

    @Test
    void three_relays_share_the_shards_and_two_take_those_of_one_that_leaves() throws Exception {
        List<Inbox> inboxes = List.of(new Inbox(), new Inbox(), new Inbox());
        List<OutboxRelay> relays = inboxes.stream()
                .map(one -> here.relay(one, OutboxFixture.QUICK))
                .toList();
        List<List<Integer>> even = List.of(List.of(4, 6, 6), List.of(5, 5, 6)); // nobody has more than a third
        OutboxFixture.until(() -> even.contains(sizes()));
        publish(1);
        here.untilDelivered();
        assertThat(inboxes).allSatisfy(one -> assertThat(one.received).isNotEmpty());
        assertThat(inboxes.stream().mapToInt(one -> one.received.size()).sum())
                .as("nobody died, so nothing came twice")
                .isEqualTo(KEYS);
        relays.getFirst().close();
        OutboxFixture.until(() -> sizes().equals(List.of(8, 8)));
        int before = inboxes.getFirst().received.size();
        publish(2);
        here.untilDelivered();
        assertThat(inboxes.getFirst().received).hasSize(before);
        assertThat(here.outbox.status().relays()).isEqualTo(2);
    }

    @Test
    void a_relay_that_stands_still_is_replaced_and_moves_nothing_when_it_wakes_up() throws Exception {
        CountDownLatch delivering = new CountDownLatch(1);
        CountDownLatch wakeUp = new CountDownLatch(1);
        AtomicReference<UUID> late = new AtomicReference<>();
        Inbox slow = new Inbox() {
            @Override
            void refuse(PublishedMessage message) throws InterruptedException {
                if (late.compareAndSet(null, message.message().id())) {
                    delivering.countDown();
                    wakeUp.await();
                }
            }
        };
        OutboxRelay still = OutboxRelay.start(gated(delivering, wakeUp), slow, OutboxFixture.QUICK);
        publish(1);
        publish(2);
        delivering.await();
        Inbox inbox = new Inbox();
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        publish(3);
        here.untilDelivered();
        assertThat(inbox.received).extracting(one -> one.message().id()).contains(late.get());
        long moved = here.number("SELECT sum(position) FROM leftfold_outbox_shards");
        wakeUp.countDown();
        OutboxFixture.until(() -> sizes().equals(List.of(8, 8)));
        assertThat(here.number("SELECT sum(position) FROM leftfold_outbox_shards"))
                .isEqualTo(moved);
        assertThat(here.outbox.status().waiting()).isZero();
        still.close();
        List<PublishedMessage> all = new ArrayList<>(inbox.received);
        all.addAll(slow.received);
        assertThat(Inbox.byKey(all)).hasSize(KEYS);
        Map<String, List<String>> first = Inbox.byKey(inbox.received);
        first.forEach((key, texts) ->
                assertThat(texts).as(key).isSortedAccordingTo(String::compareTo).contains("3"));
    }

    @Test
    void a_relay_that_was_replaced_can_neither_move_on_nor_park() {
        here.publish("a", "t", "1");
        OutboxTable table = new OutboxTable(new Rows(here.database));
        int shard = (int) here.number("SELECT shard FROM leftfold_outbox");
        OutboxTable.Shard first = table.take(table.shards().get(shard), "first").orElseThrow();
        assertThat(table.take(table.shards().get(shard), "second")).isPresent();
        assertThat(table.take(first, "third")).as("by what was seen before").isEmpty();
        assertThat(table.moveTo(shard, first.epoch(), 1)).isFalse();
        assertThat(table.failed(shard, first.epoch(), 1, "reason")).isFalse();
        assertThat(table.park(first, 1, 1, "reason")).isFalse();
        table.release(shard, first.epoch());
        assertThat(here.outbox.status().waiting()).isEqualTo(1);
        assertThat(here.outbox.parked(1)).isEmpty();
        assertThat(table.shards().get(shard).relay()).isEqualTo("second");
    }

    @Test
    void what_a_relay_delivered_before_it_was_killed_comes_again_with_the_same_id_and_nothing_is_lost()
            throws Exception {
        List<UUID> ids = new ArrayList<>();
        for (int round = 1; round <= 5; round++) {
            ids.addAll(publish(round));
        }
        List<String> lines = new ArrayList<>();
        for (int deliveries : List.of(1, 30, 55)) {
            lines.addAll(deliverUntilKilled(deliveries));
        }
        Inbox inbox = new Inbox();
        here.relay(inbox, OutboxFixture.QUICK);
        here.untilDelivered();
        inbox.received.forEach(one -> lines.add(KilledRelay.line(one)));
        assertThat(lines).as("each kill leaves some that come again").hasSizeGreaterThan(ids.size());
        Set<String> once = lines.stream().collect(Collectors.toCollection(LinkedHashSet::new));
        assertThat(once.stream().map(line -> UUID.fromString(line.split(" ", -1)[0])))
                .containsExactlyInAnyOrderElementsOf(ids);
        Map<String, List<String>> texts = once.stream()
                .map(line -> line.split(" ", -1))
                .collect(Collectors.groupingBy(
                        words -> words[1], Collectors.mapping(words -> words[2], Collectors.toList())));
        assertThat(texts)
                .hasSize(KEYS)
                .allSatisfy((key, ofKey) -> assertThat(ofKey).containsExactly("1", "2", "3", "4", "5"));
    }

    /** Runs a relay in a process that ends by itself right after so many deliveries; returns what these were. */
    private List<String> deliverUntilKilled(int deliveries) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRelay.class.getName(),
                        TestServer.source(here.database.getSchema()).getURL(),
                        String.valueOf(deliveries))
                .redirectError(errors.toFile())
                .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(process.exitValue()).as(() -> read(errors)).isEqualTo(KilledRelay.KILLED);
        return lines;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Publishes one message for each key, all in one transaction. */
    private List<UUID> publish(int round) {
        OutboxMessage[] messages = IntStream.range(0, KEYS)
                .mapToObj(i -> OutboxMessage.of("key" + i, "Counted", Data.json(String.valueOf(round))))
                .toArray(OutboxMessage[]::new);
        here.publish(messages);
        return List.of(messages).stream().map(OutboxMessage::id).toList();
    }

    /** Returns how many shards each relay has, the fewest first; none where some have no relay. */
    private List<Integer> sizes() {
        Map<String, Integer> shares = here.shares();
        return shares.containsKey("")
                ? List.of()
                : shares.values().stream().sorted().toList();
    }

    /** Returns the database as one who stands still between {@code from} and {@code to} has it. */
    private DataSource gated(CountDownLatch from, CountDownLatch to) {
        return Wrapped.of(DataSource.class, here.database, call -> {
            if (from.getCount() == 0) {
                to.await();
            }
            return call.proceed();
        });
    }
}
