// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only PostgreSQL has: many writers, locks of readers, views upon views, pools. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PostgresTest {
    @TempDir
    Path folder;

    private Workplace here;

    @BeforeEach
    void open() {
        here = new Workplace(TestDatabase.POSTGRES, folder);
    }

    @AfterEach
    void end() throws Exception {
        here.close();
    }

    @Test
    void a_runner_that_stands_still_inside_its_transaction_is_replaced_too() throws Exception {
        Pauses.whileOneStandsStill(here, Faults::after);
    }

    @Test
    void views_upon_a_read_model_outlive_a_rebuild_and_show_the_new_build() throws Exception {
        long last = new Bank(1).append(here.store, 50);
        assertThat(here.run(Models.totals(1)).await(last, LONG)).isTrue();
        here.execute("CREATE VIEW mine AS SELECT account, total FROM totals");
        here.execute("UPDATE totals_v1 SET total = 0");
        assertThat(here.rebuild(Models.totals(1)).await(LONG)).isTrue();
        assertThat(Models.totals(here.database, "mine")).isEqualTo(Models.totalsAt(here.store, last));
    }

    @Test
    void a_reader_with_a_long_transaction_is_waited_for_and_not_broken_off() throws Exception {
        long last = new Bank(2).append(here.store, 50);
        assertThat(here.run(Models.totals(1)).await(last, LONG)).isTrue();
        Rebuild rebuild;
        try (Connection reader = here.database.getConnection()) {
            reader.setAutoCommit(false);
            long before = Sql.number(reader, "SELECT COUNT(*) FROM totals");
            rebuild = here.rebuild(Models.totals(1));
            Workplace.until(() -> rebuild.status().getFirst().position() == last);
            assertThat(Sql.number(reader, "SELECT COUNT(*) FROM totals")).isEqualTo(before);
            assertThat(rebuild.shown()).isFalse();
            reader.commit();
        }
        assertThat(rebuild.await(LONG)).isTrue();
    }

    @Test
    void a_pool_needs_a_connection_for_each_projection_and_two() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(here.database);
        config.setMaximumPoolSize(4);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            ReadDatabase door = here.door(pool);
            long last = new Bank(3).append(here.store, 300);
            try (Follower totals = door.run(here.store, Models.totals(1));
                    Follower balances = door.run(here.store, Workplace.balances(1))) {
                assertThat(totals.await(last, LONG)).isTrue();
                assertThat(balances.await(last, LONG)).isTrue();
                assertThat(door.models().status(here.store)).hasSize(2);
            }
            try (Rebuild rebuild = door.rebuild(here.store, List.of(Models.totals(1), Workplace.balances(1)))) {
                assertThat(rebuild.await(LONG)).isTrue();
            }
            assertThat(Models.totals(pool, "totals")).isEqualTo(Models.totalsAt(here.store, last));
        }
    }
}
