// SPDX-License-Identifier: Apache-2.0
/** A PostgreSQL server for the benchmark, and other event stores on PostgreSQL that its workload runs through. */
@NullMarked
package leftfold.bench.postgres;

import org.jspecify.annotations.NullMarked;
