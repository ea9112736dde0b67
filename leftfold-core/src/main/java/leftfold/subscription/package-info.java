// SPDX-License-Identifier: Apache-2.0
/** Following the log and remembering how far: followers and their checkpoints. */
@NullMarked
package leftfold.subscription;

import org.jspecify.annotations.NullMarked;
