// SPDX-License-Identifier: Apache-2.0
/** Tests of the package. */
@NullMarked
package leftfold.projection;

import org.jspecify.annotations.NullMarked;
