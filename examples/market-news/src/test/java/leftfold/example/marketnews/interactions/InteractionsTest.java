// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.interactions;

import java.time.Instant;
import java.util.List;
import leftfold.example.marketnews.CommandRefused;
import leftfold.example.marketnews.interactions.InteractionsCommand.Dismiss;
import leftfold.example.marketnews.interactions.InteractionsCommand.Open;
import leftfold.example.marketnews.interactions.InteractionsEvent.ArticleDismissed;
import leftfold.example.marketnews.interactions.InteractionsEvent.ArticleOpened;
import leftfold.testkit.DeciderFixture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InteractionsTest {
    private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");

    private final DeciderFixture<InteractionsCommand, InteractionsEvent, Interactions.State> interactions =
            DeciderFixture.of(new Interactions());

    private static final ArticleOpened OPENED = new ArticleOpened("ada", "a1", AT);
    private static final ArticleDismissed DISMISSED = new ArticleDismissed("ada", "a1", AT);

    @Test
    void an_article_is_opened_as_often_as_the_reader_likes() {
        interactions.given().when(new Open("ada", "a1", AT)).then(OPENED);
        interactions.given(OPENED).when(new Open("ada", "a1", AT)).then(OPENED);
    }

    @Test
    void an_article_is_dismissed_once() {
        interactions.given(OPENED).when(new Dismiss("ada", "a1", AT)).then(DISMISSED);
        interactions.given(DISMISSED).when(new Dismiss("ada", "a1", AT)).thenNothing();
    }

    @Test
    void what_was_dismissed_cannot_be_opened() {
        interactions.given(DISMISSED).when(new Open("ada", "a1", AT)).thenRefused(CommandRefused.class);
        interactions.given(DISMISSED).when(new Open("ada", "a2", AT)).then(new ArticleOpened("ada", "a2", AT));
    }

    @Test
    void only_what_was_dismissed_is_kept() {
        interactions.given(OPENED, DISMISSED).thenState(new Interactions.State(List.of("a1")));
    }
}
