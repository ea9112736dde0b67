// SPDX-License-Identifier: Apache-2.0
/** Commands that decide: the three pure functions of an aggregate, and the handler that loads, decides and appends. */
@NullMarked
package leftfold.decider;

import org.jspecify.annotations.NullMarked;
