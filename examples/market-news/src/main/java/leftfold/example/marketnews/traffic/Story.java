// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.util.ArrayList;
import java.util.List;
import leftfold.example.marketnews.traffic.World.Security;
import leftfold.example.marketnews.traffic.World.Source;

/** What an article is made of. Immutable. */
record Story(Source source, String headline, List<String> topics, List<String> symbols) {
    private static final int PERCENT_BROAD = 20;

    /** Returns a random story: mostly about a security, sometimes also or only about a broad topic. */
    static Story random(Script script) {
        Source source = script.pick(World.SOURCES);
        Headlines headlines = new Headlines(script);
        String broad = script.pick(World.BROAD_TOPICS);
        if (script.chance(PERCENT_BROAD)) {
            return new Story(source, headlines.about(broad), List.of(broad), List.of());
        }
        Security security = script.pick(World.SECURITIES);
        List<String> topics = new ArrayList<>(List.of(security.topic()));
        if (script.chance(PERCENT_BROAD)) {
            topics.add(broad);
        }
        return new Story(source, headlines.about(security), List.copyOf(topics), List.of(security.symbol()));
    }

    /** Returns the story as its source corrects it: it was about one more topic, or about one less. */
    Story corrected(Script script) {
        List<String> others =
                World.TOPICS.stream().filter(topic -> !topics.contains(topic)).toList();
        List<String> right = topics.size() > 1 ? topics.subList(0, 1) : List.of(topics.getFirst(), script.pick(others));
        return new Story(source, "Corrected: " + headline, right, symbols);
    }
}
