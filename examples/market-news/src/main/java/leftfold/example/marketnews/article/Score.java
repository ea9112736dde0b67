// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.article;

import java.util.List;

/**
 * How relevant an article is to somebody, and why. Immutable.
 *
 * @param permille 0 (not at all) to 1000
 * @param topics the topics that matched
 * @param inputs the events that the model has seen; empty for scores from before they were noted
 */
public record Score(Model model, int permille, List<String> topics, List<Input> inputs) {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if {@code permille} is out of range
     */
    public Score {
        if (permille < 0 || permille > 1000) {
            throw new IllegalArgumentException("a score is 0 to 1000 permille, not " + permille);
        }
        topics = List.copyOf(topics);
        inputs = List.copyOf(inputs);
    }
}
