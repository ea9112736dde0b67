// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;

/** An application whose streams of category {@code counter} fold to the number of their events. */
public final class CounterApplication implements Application {
    /** Its state. */
    public record Counter(long count) {}

    @Override
    public Map<String, StateFold<?>> states() {
        return Map.of("counter", new StateFold<>(new Counter(0), (state, event) -> new Counter(state.count() + 1)));
    }

    @Override
    public Optional<ReadSide> readSide(String location) {
        return Optional.of(new ReadSide(TestProjections.database(location), TestProjections.all()));
    }

    @Override
    public void demo(DemoRun run) {
        StreamId stream = StreamId.of("counter-1");
        run.store().append(stream, run.store().streamVersion(stream), List.of(Event.of("Counted", Data.json("{}"))));
        run.out().println(run.location() + " once=" + run.once() + " json=" + run.json());
    }
}
