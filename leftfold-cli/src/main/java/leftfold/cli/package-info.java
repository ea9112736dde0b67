// SPDX-License-Identifier: Apache-2.0
/** The command line: every command of ./leftfold. */
@NullMarked
package leftfold.cli;

import org.jspecify.annotations.NullMarked;
