// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.CyclicBarrier;
import leftfold.jdbc.JdbcCheckpoints;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Several instances of a service that make the same tables at the same moment. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CreatedTogetherTest {
    private static final int INSTANCES = 8;

    private interface Creation<T> {
        T in(HikariDataSource schema) throws Exception;
    }

    private static <T> void together(HikariDataSource schema, Creation<T> creation) throws Exception {
        CyclicBarrier start = new CyclicBarrier(INSTANCES);
        assertThat(new Crowd<T>()
                        .add(INSTANCES, i -> () -> {
                            start.await();
                            return creation.in(schema);
                        })
                        .join())
                .hasSize(INSTANCES);
    }

    @Test
    void all_that_make_the_table_of_a_queue_have_it() throws Exception {
        try (HikariDataSource schema = TestServer.newSchema()) {
            for (int round = 0; round < 10; round++) {
                String name = "queue" + round;
                together(schema, database -> TableTarget.of(database, name).create());
            }
        }
    }

    @Test
    void all_that_make_the_table_of_checkpoints_have_it() throws Exception {
        for (int round = 0; round < 30; round++) {
            try (HikariDataSource schema = TestServer.newSchema()) {
                together(schema, JdbcCheckpoints::new);
            }
        }
    }
}
