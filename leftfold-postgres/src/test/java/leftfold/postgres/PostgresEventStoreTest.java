// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import leftfold.testkit.DurableEventStoreContract;
import leftfold.testkit.DurableRestoreContract;

/** The contract over the newest version of PostgreSQL. */
final class PostgresEventStoreTest extends DurableEventStoreContract implements DurableRestoreContract {
    PostgresEventStoreTest() {
        super(new SchemaFixture(TestServer.RUNNING));
    }
}
