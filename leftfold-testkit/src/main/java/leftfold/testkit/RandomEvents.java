// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.store.Tag;

/** Events and queries drawn from so few names that they meet. */
final class RandomEvents {
    private RandomEvents() {}

    static StreamId stream(Random random) {
        return StreamId.of(category(random), String.valueOf(random.nextInt(4)));
    }

    static List<Event> events(Random random, int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(Event.of(type(random), Data.json("{\"n\":" + random.nextInt() + "}"))
                    .withTags(tags(random, 4)));
        }
        return events;
    }

    static Query query(Random random) {
        List<Query.Item> items = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            items.add(new Query.Item(
                    random.nextInt(4) == 0 ? stream(random) : null,
                    random.nextInt(3) == 0 ? category(random) : null,
                    random.nextBoolean() ? Set.of() : new HashSet<>(List.of(type(random), type(random))),
                    tags(random, 3)));
        }
        return new Query(items);
    }

    private static String category(Random random) {
        return "c" + random.nextInt(3);
    }

    private static String type(Random random) {
        return "T" + random.nextInt(5);
    }

    private static Set<Tag> tags(Random random, int bound) {
        Set<Tag> tags = new HashSet<>();
        int count = random.nextInt(bound);
        for (int i = 0; i < count; i++) {
            tags.add(Tag.of("k" + random.nextInt(2), "v" + random.nextInt(2)));
        }
        return tags;
    }
}
