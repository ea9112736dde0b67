// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.scoring;

import java.util.List;
import leftfold.example.marketnews.article.Input;
import leftfold.example.marketnews.article.Model;
import leftfold.example.marketnews.article.Score;

/**
 * Scores an article for a reader: {@value #BASE} permille for being in the news, {@value #PER_TOPIC} for each topic
 * that the reader follows, and {@value #PER_MOVE} for each permille that an instrument in it has moved today. A pure
 * function.
 */
final class RelevanceModel {
    static final Model MODEL = new Model("relevance", "3.1");

    private static final int BASE = 150;
    private static final int PER_TOPIC = 200;
    private static final int PER_MOVE = 5;
    private static final int PERMILLE_MAX = 1000;

    private RelevanceModel() {}

    /**
     * Returns the score.
     *
     * @param topics the article's topics that the reader follows
     * @param movePermille the largest move of an instrument in the article, up or down
     * @param inputs the events from which topics and move are known
     */
    static Score score(List<String> topics, int movePermille, List<Input> inputs) {
        int permille = BASE + PER_TOPIC * topics.size() + PER_MOVE * Math.abs(movePermille);
        return new Score(MODEL, Math.min(PERMILLE_MAX, permille), topics, inputs);
    }
}
