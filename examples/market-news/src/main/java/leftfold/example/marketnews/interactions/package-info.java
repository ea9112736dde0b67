// SPDX-License-Identifier: Apache-2.0
/** Aggregate: what a reader does with the articles of the personal feed. */
@NullMarked
package leftfold.example.marketnews.interactions;

import org.jspecify.annotations.NullMarked;
