// SPDX-License-Identifier: Apache-2.0
/** What queries read: the feed in SQL, trending topics and source reliability as documents, most opened as a live fold. */
@NullMarked
package leftfold.example.marketnews.readmodel;

import org.jspecify.annotations.NullMarked;
