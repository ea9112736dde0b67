// SPDX-License-Identifier: Apache-2.0
/** Aggregate: how and when a reader wants to be notified. */
@NullMarked
package leftfold.example.marketnews.preferences;

import org.jspecify.annotations.NullMarked;
