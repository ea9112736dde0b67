// SPDX-License-Identifier: Apache-2.0
/** How relevant an article is to a reader: the model, and the desk that gathers what the model needs. */
@NullMarked
package leftfold.example.marketnews.scoring;

import org.jspecify.annotations.NullMarked;
