// SPDX-License-Identifier: Apache-2.0
/** What ties the aggregates to a store: one codec over all their events, and a command handler for each. */
@NullMarked
package leftfold.example.marketnews.newsroom;

import org.jspecify.annotations.NullMarked;
