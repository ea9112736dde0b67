// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import leftfold.testkit.DurableEventStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contract over the older versions of PostgreSQL that are supported. */
@Tag("slow")
final class OlderVersionsTest {
    @Nested
    final class Postgres15 extends DurableEventStoreContract {
        private static final PostgresServer SERVER = PostgresServer.start(15);

        Postgres15() {
            super(new SchemaFixture(SERVER));
        }

        @AfterAll
        static void stop_the_server() {
            SERVER.close();
        }
    }

    @Nested
    final class Postgres16 extends DurableEventStoreContract {
        private static final PostgresServer SERVER = PostgresServer.start(16);

        Postgres16() {
            super(new SchemaFixture(SERVER));
        }

        @AfterAll
        static void stop_the_server() {
            SERVER.close();
        }
    }

    @Nested
    final class Postgres17 extends DurableEventStoreContract {
        private static final PostgresServer SERVER = PostgresServer.start(17);

        Postgres17() {
            super(new SchemaFixture(SERVER));
        }

        @AfterAll
        static void stop_the_server() {
            SERVER.close();
        }
    }
}
