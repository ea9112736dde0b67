// SPDX-License-Identifier: Apache-2.0
/** Aggregate: the topics that a reader follows. */
@NullMarked
package leftfold.example.marketnews.subscriptions;

import org.jspecify.annotations.NullMarked;
