// SPDX-License-Identifier: Apache-2.0
/** Read models and checkpoints in a JDBC database, changed in one transaction. */
@NullMarked
package leftfold.jdbc;

import org.jspecify.annotations.NullMarked;
