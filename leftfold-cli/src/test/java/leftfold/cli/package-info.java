// SPDX-License-Identifier: Apache-2.0
/** Every command through its entry, on stores in folders. */
@NullMarked
package leftfold.cli;

import org.jspecify.annotations.NullMarked;
