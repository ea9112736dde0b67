// SPDX-License-Identifier: Apache-2.0
/** The front door: {@link leftfold.Leftfold#open} turns a location into an event store. */
@NullMarked
package leftfold;

import org.jspecify.annotations.NullMarked;
