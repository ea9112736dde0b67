// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.ServiceLoader;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the events of a stream that were taken so far fold to. Confined to one thread. */
final class RunningState<S> {
    private final StateFold<S> fold;
    private S state;

    private RunningState(StateFold<S> fold) {
        this.fold = fold;
        this.state = fold.initial();
    }

    /** Returns the state of {@code stream} before its first event: the application's where it has one, else a merge. */
    static RunningState<?> of(StreamId stream) {
        for (Application application : ServiceLoader.load(Application.class)) {
            StateFold<?> own = application.states().get(stream.category());
            if (own != null) {
                return new RunningState<>(own);
            }
        }
        return new RunningState<>(new StateFold<JsonNode>(JsonNodeFactory.instance.objectNode(), RunningState::merge));
    }

    /** Takes the next event. */
    void take(RecordedEvent event) {
        state = fold.step().apply(state, event);
    }

    /** Returns the state as a tree, to be looked at before the next event is taken. */
    JsonNode tree() {
        return Trees.of(state);
    }

    /** Changes {@code state} itself where it can: a long stream would otherwise be copied with each event. */
    private static JsonNode merge(JsonNode state, RecordedEvent event) {
        String json = EventJson.json(event.data());
        return json == null ? state : Trees.merge(state, Trees.parse(json));
    }
}
