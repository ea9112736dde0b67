// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import leftfold.testkit.DurableEventStoreContract;

/** The contract over the newest version of PostgreSQL. */
final class PostgresEventStoreTest extends DurableEventStoreContract {
    PostgresEventStoreTest() {
        super(new SchemaFixture(TestServer.RUNNING));
    }
}
