// SPDX-License-Identifier: Apache-2.0
/** Process managers: events turned into commands, with a state that is itself a stream. */
@NullMarked
package leftfold.process;

import org.jspecify.annotations.NullMarked;
