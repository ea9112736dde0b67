// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.SQLException;

/** Something done to a read model's tables. For implementers. */
@FunctionalInterface
public interface SqlStep {
    /**
     * Does it, in the transaction of {@code model}.
     *
     * @throws SQLException of the database; the transaction is rolled back
     */
    void run(SqlModel model) throws SQLException;
}
