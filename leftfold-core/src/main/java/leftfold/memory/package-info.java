// SPDX-License-Identifier: Apache-2.0
/** An event store in memory: for tests, trials and caches. It keeps the whole contract but durability. */
@NullMarked
package leftfold.memory;

import org.jspecify.annotations.NullMarked;
