// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A target in memory that remembers everything it was sent, in the order in which it came. */
class Inbox implements OutboxTarget {
    final List<PublishedMessage> received = new CopyOnWriteArrayList<>();

    @Override
    public void deliver(List<PublishedMessage> messages) throws InterruptedException {
        for (PublishedMessage one : messages) {
            refuse(one);
            received.add(one);
        }
    }

    /** Throws what is wrong with a message; here nothing is. */
    void refuse(PublishedMessage message) throws InterruptedException {}

    /** Returns the texts that came for each key, each id once, by its first arrival. */
    static Map<String, List<String>> byKey(Iterable<PublishedMessage> received) {
        Map<UUID, PublishedMessage> once = new LinkedHashMap<>();
        received.forEach(one -> once.putIfAbsent(one.message().id(), one));
        Map<String, List<String>> texts = new LinkedHashMap<>();
        once.values()
                .forEach(one -> texts.computeIfAbsent(one.message().key(), key -> new ArrayList<>())
                        .add(one.message().data().text()));
        return texts;
    }

    List<String> texts() {
        return received.stream().map(one -> one.message().data().text()).toList();
    }
}
