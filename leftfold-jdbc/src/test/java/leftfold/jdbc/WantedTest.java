// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static leftfold.jdbc.Workplace.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.store.Tag;
import leftfold.subscription.Follower;
import org.junit.jupiter.api.Test;

/** What a read database knows of the events that a projection wants, without the projection's code. */
class WantedTest extends AtWorkplace {
    @Test
    void events_that_a_projection_does_not_want_are_no_lag_while_nobody_runs_it() throws Exception {
        long last = here.deposit("ann", 5);
        try (Follower follower = here.door().run(here.store, Workplace.balances(1))) {
            assertThat(follower.await(last, LONG)).isTrue();
        }
        long unwanted = appendAudited();
        ProjectionStatus status = status();
        assertThat(status.position()).isEqualTo(unwanted).isEqualTo(status.head());
        assertThat(status.lagEvents()).isZero();
        assertThat(status.lag()).isZero();
        assertThat(here.models().lag(here.store, "open-balances")).isZero();
        assertThat(Models.position(here.database, "open-balances-v1")).isEqualTo(last);
    }

    @Test
    void an_event_that_it_wants_is_lag_with_all_that_lies_before_it() throws Exception {
        long last = here.deposit("ann", 5);
        try (Follower follower = here.door().run(here.store, Workplace.balances(1))) {
            assertThat(follower.await(last, LONG)).isTrue();
        }
        appendAudited();
        here.deposit("ann", 7);
        ProjectionStatus status = status();
        assertThat(status.position()).isEqualTo(last);
        assertThat(status.lagEvents()).isEqualTo(2);
        assertThat(status.lag()).isPositive();
        assertThat(here.models().lag(here.store, "open-balances")).isPositive();
    }

    @Test
    void a_runner_takes_the_checkpoint_past_what_it_does_not_want() throws Exception {
        here.deposit("ann", 5);
        here.run(Workplace.balances(1));
        long unwanted = appendAudited();
        assertThat(here.models().await("open-balances", unwanted, LONG)).isTrue();
        assertThat(Models.position(here.database, "open-balances-v1")).isEqualTo(unwanted);
    }

    @Test
    void a_build_of_which_nothing_was_noted_wants_everything() throws Exception {
        long last = here.deposit("ann", 5);
        try (Follower follower = here.door().run(here.store, Workplace.balances(1))) {
            assertThat(follower.await(last, LONG)).isTrue();
        }
        here.execute("DELETE FROM leftfold_wanted");
        appendAudited();
        assertThat(status().lagEvents()).isEqualTo(1);
    }

    @Test
    void a_query_is_the_same_after_it_was_written_down() {
        Query query = new Query(List.of(
                new Query.Item(StreamId.of("a-~ b,c\n%"), null, Set.of(), Set.of()),
                new Query.Item(null, "päper", Set.of("A B", "C,~"), Set.of(Tag.of("k", "v:w,x"), Tag.of("~", "y")))));
        assertThat(WantedTable.query(WantedTable.text(query))).isEqualTo(query);
        assertThat(WantedTable.query(WantedTable.text(Query.all()))).isEqualTo(Query.all());
    }

    private long appendAudited() {
        return here.store
                .append(
                        Bank.STREAM,
                        here.store.streamVersion(Bank.STREAM),
                        List.of(Event.of("Audited", Data.json("{}"))))
                .position();
    }

    private ProjectionStatus status() {
        return here.models().status(here.store).getFirst();
    }
}
