// SPDX-License-Identifier: Apache-2.0
/** The guide's snippets, compiled and run, and the tests that hold the shape of the code and of these pages. */
@NullMarked
package leftfold.docs;

import org.jspecify.annotations.NullMarked;
