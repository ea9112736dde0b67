// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.onboarding;

import java.time.Instant;
import java.util.List;

/** What the onboarding of a reader asks others to do. */
public sealed interface OnboardingCommand {
    /** Returns the reader's id. */
    String reader();

    /** Follow these topics for a start. */
    record FollowDefaults(String reader, List<String> topics, Instant at) implements OnboardingCommand {}

    /** Score the newest articles, so that the first feed is not empty. */
    record ScoreFirstArticles(String reader, Instant at) implements OnboardingCommand {}
}
