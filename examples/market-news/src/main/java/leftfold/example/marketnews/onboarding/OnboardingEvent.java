// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.onboarding;

import java.time.Instant;
import java.util.List;
import leftfold.example.marketnews.NewsEvent;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;

/** How far the onboarding of a reader has come. */
public sealed interface OnboardingEvent extends NewsEvent {
    /** Returns the reader's id. */
    String reader();

    /** It has begun, with these topics for a start. */
    @EventType("OnboardingStarted")
    record OnboardingStarted(@EventTag("reader") String reader, List<String> topics, Instant at)
            implements OnboardingEvent {}

    /** There is something to score for: the first scoring run is due. */
    @EventType("FirstScoringRequested")
    record FirstScoringRequested(@EventTag("reader") String reader, Instant at) implements OnboardingEvent {}

    /** The reader has a feed. */
    @EventType("OnboardingCompleted")
    record OnboardingCompleted(@EventTag("reader") String reader, Instant at) implements OnboardingEvent {}
}
