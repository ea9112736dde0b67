// SPDX-License-Identifier: Apache-2.0
/** Contracts for those who implement a store; given/when/then and determinism checks for those who use one. */
@NullMarked
package leftfold.testkit;

import org.jspecify.annotations.NullMarked;
