// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
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
        try (HikariDataSource pool = TestServer.newSchema()) {
            TestServer.makeOlder(pool);
            PGSimpleDataSource role = TestServer.role(pool.getSchema(), "ALL ON ALL TABLES");

            assertThatThrownBy(() -> PostgresEventStore.open(role))
                    .isInstanceOf(StoreException.CannotOpen.class)
                    .hasMessageContaining("its tables are of an older Leftfold (1, ")
                    .hasMessageContaining("open it once as the role that owns them");
        }
    }
}
