// SPDX-License-Identifier: Apache-2.0
/** Aggregate: a day of the market, opened and closed once; the demo simulates one in each run. */
@NullMarked
package leftfold.example.marketnews.tradingday;

import org.jspecify.annotations.NullMarked;
