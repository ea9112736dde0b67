// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.article;

import java.util.StringTokenizer;
import leftfold.jackson.JsonCodec;
import leftfold.schema.EventCodec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The article's events as JSON. {@code ArticleScored} has changed three times; old events are brought up to date on
 * read, one version at a time, and never rewritten:
 *
 * <pre>
 * version  change                                       data
 * 1        the first                                    article publisher model="name@version" topics="a,b" score=73 at
 * 2        publisher renamed to source                  article source    model="name@version" topics="a,b" score=73 at
 * 3        model and topics split into their parts      article source    model={name,version} topics=[a,b] score=73 at
 * 4        percent to permille, personal, inputs noted  article source audience score={model,permille,topics,inputs} at
 * </pre>
 */
final class ArticleCodec {
    private static final String SCORED = "ArticleScored";
    private static final int PERMILLE_IN_PERCENT = 10;

    private ArticleCodec() {}

    /** Returns a codec that writes the current version of each event and reads all versions. */
    static EventCodec<ArticleEvent> create() {
        return JsonCodec.builder(ArticleEvent.class)
                .upcaster(SCORED, 1, ArticleCodec::renamePublisher)
                .upcaster(SCORED, 2, ArticleCodec::splitModelAndTopics)
                .upcaster(SCORED, 3, ArticleCodec::makePersonal)
                .build();
    }

    private static ObjectNode renamePublisher(ObjectNode event) {
        event.set("source", event.remove("publisher"));
        return event;
    }

    private static ObjectNode splitModelAndTopics(ObjectNode event) {
        String model = event.remove("model").stringValue();
        int at = model.indexOf('@');
        event.putObject("model").put("name", model.substring(0, at)).put("version", model.substring(at + 1));
        String topics = event.remove("topics").stringValue();
        ArrayNode list = event.putArray("topics");
        for (StringTokenizer rest = new StringTokenizer(topics, ","); rest.hasMoreTokens(); ) {
            list.add(rest.nextToken());
        }
        return event;
    }

    private static ObjectNode makePersonal(ObjectNode event) {
        int percent = event.remove("score").intValue();
        event.put("audience", ArticleEvent.ArticleScored.EVERYONE);
        ObjectNode score = event.putObject("score");
        score.set("model", event.remove("model"));
        score.put("permille", percent * PERMILLE_IN_PERCENT);
        score.set("topics", event.remove("topics"));
        score.putArray("inputs");
        return event;
    }
}
