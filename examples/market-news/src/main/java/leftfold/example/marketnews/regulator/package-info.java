// SPDX-License-Identifier: Apache-2.0
/** The regulator's question: which events led to this score of this article for this reader, as known at that time? */
@NullMarked
package leftfold.example.marketnews.regulator;

import org.jspecify.annotations.NullMarked;
