// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import leftfold.jdbc.Runner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RelayCrewTest {
    private static final long EXPIRY = RelayCrew.EXPIRY.toNanos();

    private final String me = Runner.here().toString();
    private final String other = Runner.here().toString();
    private final String third = Runner.here().toString();
    private final RelayCrew crew = new RelayCrew(me);

    @Test
    void one_alone_takes_everything() {
        RelayCrew.Plan plan = crew.plan(Map.of(me, 1L), shards(16, null), 0);
        assertThat(plan.take()).hasSize(16);
        assertThat(plan.surplus()).isZero();
    }

    @Test
    void each_has_its_share_and_gives_back_the_rest() {
        RelayCrew.Plan plan = crew.plan(Map.of(me, 1L, other, 1L), shards(16, me), 0);
        assertThat(plan.take()).isEmpty();
        assertThat(plan.surplus()).isEqualTo(8);
    }

    @Test
    void a_share_is_rounded_up_so_that_no_shard_is_left_over() {
        Map<String, Long> three = Map.of(me, 1L, other, 1L, third, 1L);
        assertThat(crew.plan(three, shards(16, null), 0).take()).hasSize(6);
    }

    @Test
    void shards_of_one_that_is_alive_are_left_alone() {
        RelayCrew.Plan plan = crew.plan(Map.of(me, 1L, other, 1L), shards(16, other), 0);
        assertThat(plan.take()).isEmpty();
    }

    @Test
    void a_beat_that_stands_still_for_five_seconds_is_a_death_and_one_that_moves_is_not() {
        Map<String, Long> before = Map.of(me, 1L, other, 7L, third, 7L);
        crew.plan(before, shards(16, other), 0);
        assertThat(crew.plan(before, shards(16, other), EXPIRY - 1).dead()).isEmpty();
        RelayCrew.Plan plan = crew.plan(Map.of(me, 6L, other, 7L, third, 8L), shards(16, other), EXPIRY);
        assertThat(plan.dead()).containsExactly(Map.entry(other, 7L));
        assertThat(plan.take()).as("half of them, as the third is alive").hasSize(8);
    }

    @Test
    void shards_of_one_that_has_left_are_free() {
        assertThat(crew.plan(Map.of(me, 1L), shards(16, other), 0).take()).hasSize(16);
    }

    private static List<OutboxTable.Shard> shards(int count, @Nullable String relay) {
        List<OutboxTable.Shard> shards = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shards.add(new OutboxTable.Shard(i, 0, relay, 1, 0));
        }
        return Collections.unmodifiableList(shards);
    }
}
