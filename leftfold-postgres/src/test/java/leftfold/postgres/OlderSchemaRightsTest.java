// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import leftfold.store.StoreException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** An older schema that is opened by a role that cannot bring it up to date. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class OlderSchemaRightsTest {
    @Test
    void a_role_without_rights_is_told_that_the_tables_are_older() throws Exception {
        try (HikariDataSource pool = TestServer.newSchema();
                Connection connection = pool.getConnection();
                var in = Schema.class.getResourceAsStream("001_log.sql")) {
            TestServer.execute(
                    connection,
                    "CREATE TABLE leftfold_migrations"
                            + " (number int PRIMARY KEY, name text NOT NULL,"
                            + " applied timestamptz NOT NULL DEFAULT now());"
                            + "INSERT INTO leftfold_migrations VALUES (1, '001_log.sql');"
                            + new String(in.readAllBytes(), StandardCharsets.UTF_8));
            String role = "role_" + pool.getSchema();
            TestServer.RUNNING.execute("CREATE ROLE " + role + " LOGIN");
            TestServer.RUNNING.execute("GRANT USAGE ON SCHEMA " + pool.getSchema() + " TO " + role);
            TestServer.RUNNING.execute("GRANT ALL ON ALL TABLES IN SCHEMA " + pool.getSchema() + " TO " + role);
            PGSimpleDataSource source = TestServer.source(pool.getSchema());
            source.setUser(role);

            assertThatThrownBy(() -> PostgresEventStore.open(source))
                    .isInstanceOf(StoreException.CannotOpen.class)
                    .hasMessageContaining("its tables are of an older Leftfold (1, ")
                    .hasMessageContaining("open it once as the role that owns them");
        }
    }
}
