// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeSet;
import leftfold.projection.FailurePolicy;
import leftfold.store.Query;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReplayTest {
    private static final int EVENTS = 120;

    @TempDir
    Path folder;

    private Workplace here;

    @BeforeEach
    void open() {
        here = new Workplace(TestDatabase.SQLITE, folder);
        new Bank(3).append(here.store, EVENTS);
    }

    @AfterEach
    void end() throws Exception {
        here.close();
    }

    @Test
    void a_replay_until_a_position_is_the_fold_up_to_there() throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < 4; round++) {
            long until = random.nextInt(EVENTS + 1);
            Path file = folder.resolve("scratch" + round + ".db");
            ProjectionStatus status = balances().until(until).into(file);
            assertThat(status.position()).isEqualTo(until);
            assertThat(Models.balances(Sqlite.open(file), "open_balances"))
                    .isEqualTo(Models.balancesAt(here.store, until));
        }
    }

    @Test
    void a_replay_until_a_time_has_what_was_recorded_by_then() throws Exception {
        Path file = folder.resolve("scratch.db");
        long at = 50;
        var recordedAt =
                here.store.readStream(Bank.STREAM).toList().get((int) at - 1).recordedAt();
        ProjectionStatus status = balances().until(recordedAt).into(file);
        assertThat(status.position()).isEqualTo(here.store.positionAt(recordedAt));
    }

    @Test
    void a_replay_of_some_events_leaves_the_others_out() throws Exception {
        Path file = folder.resolve("scratch.db");
        balances().only(Query.types("Closed")).into(file);
        assertThat(Models.balances(Sqlite.open(file), "open_balances")).isEmpty();
    }

    @Test
    void a_file_that_is_there_is_left_alone() throws Exception {
        Path file = Files.writeString(folder.resolve("mine.txt"), "mine");
        assertThatThrownBy(() -> balances().into(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mine.txt is there already");
        assertThat(file).hasContent("mine");
    }

    @Test
    void a_replay_that_fails_says_at_which_event() throws Exception {
        here.deposit("ann", 13);
        Replay replay = Replay.of(here.store, Workplace.superstitious(FailurePolicy.STOP, () -> false));
        assertThatThrownBy(() -> replay.into(folder.resolve("scratch.db")))
                .isInstanceOf(ReadModelException.Stopped.class)
                .hasMessageContaining("counted-v1 stopped at position")
                .hasMessageContaining("thirteen is too much");
    }

    @Test
    void a_diff_is_what_two_folds_differ_in() throws Exception {
        Random random = new Random(6);
        for (int round = 0; round < 4; round++) {
            long from = random.nextInt(EVENTS);
            long to = from + random.nextInt(EVENTS - (int) from + 1);
            List<RowChange> changes = new ArrayList<>();
            balances().diff(from, to, changes::add);
            assertThat(changes)
                    .isEqualTo(difference(Models.balancesAt(here.store, from), Models.balancesAt(here.store, to)));
        }
    }

    @Test
    void a_diff_of_tables_tells_which_rows_came_and_changed() throws Exception {
        long before = here.deposit("zoe", 1);
        here.deposit("zoe", 2);
        List<RowChange> changes = new ArrayList<>();
        Replay.of(here.store, Models.totals(1)).diff(before, before + 1, changes::add);
        assertThat(changes).hasSize(2);
        assertThat(changes.get(0).table()).isEqualTo("movements");
        assertThat(changes.get(0).before()).isNull();
        assertThat(changes.get(1).before()).contains(entry("account", "zoe"), entry("total", 1));
        assertThat(changes.get(1).after()).contains(entry("account", "zoe"), entry("total", 3));
    }

    private Replay balances() {
        return Replay.of(here.store, Workplace.balances(1));
    }

    private static List<RowChange> difference(SortedMap<String, Long> before, SortedMap<String, Long> after) {
        List<RowChange> changes = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            if (!row(key, before).equals(row(key, after))) {
                changes.add(new RowChange(
                        "open_balances",
                        before.containsKey(key) ? row(key, before) : null,
                        after.containsKey(key) ? row(key, after) : null));
            }
        }
        return changes;
    }

    private static Map<String, Object> row(String key, SortedMap<String, Long> balances) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("key", key);
        row.put("document", String.valueOf(balances.get(key)));
        return row;
    }
}
