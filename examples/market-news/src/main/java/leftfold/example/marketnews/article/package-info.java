// SPDX-License-Identifier: Apache-2.0
/** Aggregate: a news article, from its ingestion over its scores to its correction or retraction. */
@NullMarked
package leftfold.example.marketnews.article;

import org.jspecify.annotations.NullMarked;
