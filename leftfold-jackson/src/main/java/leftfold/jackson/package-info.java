// SPDX-License-Identifier: Apache-2.0
/**
 * JSON codec for records and sealed interfaces, on Jackson 3. An event type and its past:
 *
 * {@snippet :
 * sealed interface ArticleEvent {
 *     @EventType(value = "ArticleScored", version = 2)
 *     record Scored(@EventTag("article") String article, BigDecimal score) implements ArticleEvent {}
 * }
 *
 * JsonCodec<ArticleEvent> codec = JsonCodec.builder(ArticleEvent.class)
 *         .upcaster("ArticleScored", 1, tree ->
 *                 tree.put("score", tree.remove("percent").decimalValue().movePointLeft(2)))
 *         .build();
 * }
 */
@NullMarked
package leftfold.jackson;

import org.jspecify.annotations.NullMarked;
