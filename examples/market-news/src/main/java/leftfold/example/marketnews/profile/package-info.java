// SPDX-License-Identifier: Apache-2.0
/** Aggregate: who a reader is, and whether the first feed is ready. */
@NullMarked
package leftfold.example.marketnews.profile;

import org.jspecify.annotations.NullMarked;
