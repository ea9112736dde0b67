// SPDX-License-Identifier: Apache-2.0
/** Events folded into read models: what a projection declares, and folds computed on demand. */
@NullMarked
package leftfold.projection;

import org.jspecify.annotations.NullMarked;
