// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Logs that do not lie in the first schema of the search path, as with PostgreSQL's own {@code "$user", public}. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class SearchPathTest {
    private final HikariDataSource first = TestServer.newSchema();
    private final HikariDataSource second = TestServer.newSchema();

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void an_older_schema_behind_another_one_is_upgraded_where_it_is() throws Exception {
        TestServer.makeOlder(second);
        PGSimpleDataSource both = TestServer.source(first.getSchema() + "," + second.getSchema());

        try (PostgresEventStore store = PostgresEventStore.open(both)) {
            assertThat(TestServer.RUNNING.text("SELECT id FROM " + second.getSchema() + ".leftfold_log"))
                    .as("the log that is there")
                    .isEqualTo(store.id().toString());
        }
    }

    @Test
    void the_next_partition_lies_where_the_log_is() throws Exception {
        TestServer.makePartitionsOf(256, second);
        PGSimpleDataSource both = TestServer.source(first.getSchema() + "," + second.getSchema());

        PostgresEventStore.open(both).close();

        assertThat(TestServer.RUNNING.text(
                        "SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'leftfold_events_1'"
                                + " AND relnamespace IN ('%s'::regnamespace, '%s'::regnamespace)"
                                        .formatted(first.getSchema(), second.getSchema())))
                .isEqualTo(second.getSchema());
    }
}
