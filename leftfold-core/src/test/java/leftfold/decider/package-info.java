// SPDX-License-Identifier: Apache-2.0
/** Tests of the command handler. */
@NullMarked
package leftfold.decider;

import org.jspecify.annotations.NullMarked;
