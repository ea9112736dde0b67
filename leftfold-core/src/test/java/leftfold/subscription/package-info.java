// SPDX-License-Identifier: Apache-2.0
/** Tests of the package. */
@NullMarked
package leftfold.subscription;

import org.jspecify.annotations.NullMarked;
