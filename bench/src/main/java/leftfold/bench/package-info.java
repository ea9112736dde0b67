// SPDX-License-Identifier: Apache-2.0
/** Measures Leftfold through its public API beside what the disk can do, in one run. */
@NullMarked
package leftfold.bench;

import org.jspecify.annotations.NullMarked;
