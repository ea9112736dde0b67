// SPDX-License-Identifier: Apache-2.0
/** Aggregate: something that is traded, with its price and whether trading is halted. */
@NullMarked
package leftfold.example.marketnews.instrument;

import org.jspecify.annotations.NullMarked;
