// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendCondition.StreamAt;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class GroupTest {
    private static final StreamId STREAM = StreamId.of("order-1");

    private static Append append(AppendCondition... conditions) {
        return new Append(
                List.of(new StreamWrite(STREAM, List.of(Event.of("Placed", Data.json("{}"))))), List.of(conditions));
    }

    @Test
    void who_comes_later_to_a_stream_does_not_overtake_who_was_put_off() {
        Group group = new Group();

        assertThat(group.add(append())).isTrue();
        assertThat(group.add(append(new StreamAt(STREAM, 1)))).isFalse();
        assertThat(group.add(append())).isFalse();
    }
}
