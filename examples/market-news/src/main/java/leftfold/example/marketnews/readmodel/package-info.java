// SPDX-License-Identifier: Apache-2.0
/** What queries read: the feed in SQL, trending topics and source reliability as documents, most opened live. */
@NullMarked
package leftfold.example.marketnews.readmodel;

import org.jspecify.annotations.NullMarked;
