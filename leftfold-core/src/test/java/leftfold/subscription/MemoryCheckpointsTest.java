// SPDX-License-Identifier: Apache-2.0
package leftfold.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MemoryCheckpointsTest {
    private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
    private final UUID log = UUID.randomUUID();

    @Test
    void a_follower_without_checkpoint_is_at_position_0() {
        assertThat(checkpoints.load("a", log)).isEqualTo(new Checkpoint("a", log, 0));
    }

    @Test
    void a_checkpoint_is_where_it_was_moved_to() {
        Checkpoint moved = checkpoints.move(checkpoints.load("a", log), 7);
        assertThat(moved).isEqualTo(new Checkpoint("a", log, 7)).isEqualTo(checkpoints.load("a", log));
        assertThat(checkpoints.load("b", log).position()).isZero();
    }

    @Test
    void a_move_from_elsewhere_is_refused_and_changes_nothing() {
        checkpoints.move(new Checkpoint("a", log, 0), 7);
        assertThatThrownBy(() -> checkpoints.move(new Checkpoint("a", log, 0), 9))
                .isInstanceOf(CheckpointException.Moved.class)
                .hasMessageContaining("is at position 7, not at 0");
        assertThat(checkpoints.load("a", log).position()).isEqualTo(7);
    }

    @Test
    void a_move_for_another_log_is_refused_and_changes_nothing() {
        checkpoints.move(new Checkpoint("a", log, 0), 7);
        assertThatThrownBy(() -> checkpoints.move(new Checkpoint("a", UUID.randomUUID(), 7), 9))
                .isInstanceOf(CheckpointException.OtherLog.class);
        assertThat(checkpoints.load("a", log).position()).isEqualTo(7);
    }
}
