// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import leftfold.store.Data;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A relay that takes a shard and loses the connection before it learns that it has it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class OrphanShardTest {
    private final OutboxFixture here = new OutboxFixture();

    @AfterEach
    void close() throws Exception {
        here.close();
    }

    @Test
    void a_shard_whose_taking_got_no_answer_is_delivered() throws Exception {
        AtomicBoolean cut = new AtomicBoolean(true);
        Inbox inbox = new Inbox();
        try (OutboxRelay relay = OutboxRelay.start(cutAtTaking(cut), inbox, OutboxFixture.QUICK)) {
            here.publish(IntStream.range(0, 200)
                    .mapToObj(i -> OutboxMessage.of("key" + i, "Counted", Data.json("1")))
                    .toArray(OutboxMessage[]::new));
            relay.wake();
            here.untilDelivered();
            assertThat(cut).isFalse();
            assertThat(inbox.received).hasSize(200);
        }
    }

    /** Returns the database; the answer to the first statement that takes a shard gets lost. */
    private DataSource cutAtTaking(AtomicBoolean cut) {
        return Wrapped.connections(
                here.database,
                call -> call.prepared().startsWith("UPDATE leftfold_outbox_shards SET relay = ?")
                        ? Wrapped.of(PreparedStatement.class, (PreparedStatement) call.proceed(), statement -> {
                            Object answer = statement.proceed();
                            if (answer instanceof ResultSet && cut.compareAndSet(true, false)) {
                                throw new SQLException("the connection was lost", "08006");
                            }
                            return answer;
                        })
                        : call.proceed());
    }
}
