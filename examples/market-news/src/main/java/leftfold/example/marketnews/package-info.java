// SPDX-License-Identifier: Apache-2.0
/** A fintech that ingests news and prices, scores relevance and serves personal feeds. */
@NullMarked
package leftfold.example.marketnews;

import org.jspecify.annotations.NullMarked;
