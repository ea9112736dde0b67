// SPDX-License-Identifier: Apache-2.0
/** The event store on PostgreSQL: the same contract, in the database that a team already runs. */
@NullMarked
package leftfold.postgres;

import org.jspecify.annotations.NullMarked;
