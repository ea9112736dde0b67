// SPDX-License-Identifier: Apache-2.0
/** Tests of the package. */
@NullMarked
package leftfold.process;

import org.jspecify.annotations.NullMarked;
