// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import leftfold.jdbc.ReadModelException;
import leftfold.store.AppendResult;
import leftfold.store.AppendRules;
import leftfold.store.StoreException;
import leftfold.subscription.CheckpointException;
import org.jspecify.annotations.Nullable;

/**
 * Brings groups of appends into the database on one connection of its own, and finds out what became of each. Confined
 * to the holder of the writer's turn.
 */
final class Appender implements AutoCloseable {
    private static final long PAUSE_NANOS = 50_000_000;

    private final DataSource database;
    private final OpenAppend appends;
    private final LogView view;
    private final LongConsumer committed;
    private @Nullable Connection connection;

    /** Creates an appender that tells {@code committed} the new head after each commit. */
    Appender(DataSource database, OpenAppend appends, LogView view, LongConsumer committed) {
        this.database = database;
        this.appends = appends;
        this.view = view;
        this.committed = committed;
    }

    /** Settles every append of a {@link Group}, with its result or its failure. */
    void settle(List<Waiting> group) {
        List<Waiting> left = group;
        while (!left.isEmpty()) {
            left = attempt(left);
        }
    }

    /** Returns those that are still to be settled. */
    private List<Waiting> attempt(List<Waiting> group) {
        AppendCall call = new AppendCall(group.stream().map(Waiting::append).toList());
        AppendCall.Answer answer;
        try {
            answer = answer(call);
        } catch (Refused e) {
            if (group.size() == 1) {
                group.getFirst().result().completeExceptionally(e.failure);
            } else {
                group.forEach(one -> settle(List.of(one))); // one of them is to blame, and only that one may fail
            }
            return List.of();
        } catch (ReadModelException | CheckpointException e) {
            return withoutThatOf(group, e);
        } catch (StoreException e) {
            group.forEach(one -> one.result().completeExceptionally(e));
            return List.of();
        }
        if (answer.refused().isEmpty()) {
            committed.accept(answer.head() + call.size());
            List<AppendResult> results = call.results(answer);
            for (int i = 0; i < results.size(); i++) {
                group.get(i).result().complete(results.get(i));
            }
            return List.of();
        }
        List<Waiting> left = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            Waiting one = group.get(i);
            if (!answer.refused().contains(i) || !explain(one)) {
                left.add(one);
            }
        }
        return left;
    }

    /** Fails the append that an inline projection does not take, or all if it is none of them, and returns the rest. */
    private static List<Waiting> withoutThatOf(List<Waiting> group, RuntimeException failure) {
        List<Waiting> to = group;
        if (failure instanceof ReadModelException.Refused refused) {
            List<Waiting> mine = group.stream()
                    .filter(one -> one.append().writes().stream()
                            .anyMatch(write -> write.stream().equals(refused.event().stream())
                                    && write.events().contains(refused.event().event())))
                    .toList();
            to = mine.isEmpty() ? group : mine;
        }
        StoreException refusal =
                new StoreException.Unavailable("nothing was written: " + failure.getMessage(), failure);
        to.forEach(one -> one.result().completeExceptionally(refusal));
        return group.stream().filter(one -> !one.result().isDone()).toList();
    }

    /** Finds why the database refused an append; returns false if there is no reason any more. */
    private boolean explain(Waiting refused) {
        try {
            AppendResult earlier = AppendRules.decide(refused.append(), view);
            return earlier != null && refused.result().complete(earlier);
        } catch (StoreException e) {
            return refused.result().completeExceptionally(e);
        }
    }

    /** The database did not take the call, whatever it was; nothing was written. */
    private static final class Refused extends Exception {
        private final transient StoreException failure;

        Refused(StoreException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /**
     * Calls until there is an answer. An append that was perhaps committed when the connection broke is sent again: the
     * database waits for the first try to end, under the log's lock, and then knows the events by their ids.
     */
    private AppendCall.Answer answer(AppendCall call) throws Refused {
        long deadline = System.nanoTime() + appends.options().timeout().toNanos();
        boolean sent = false;
        while (true) {
            SQLException failure;
            try {
                Connection open = connection();
                try {
                    return appends.runAlone(open, call);
                } catch (SQLException e) {
                    sent |= Failure.of(e) == Failure.LOST;
                    failure = e;
                }
            } catch (SQLException e) {
                failure = e; // no connection: nothing was sent
            }
            Failure kind = Failure.of(failure);
            if (kind != Failure.RETRY) {
                close();
            }
            if (kind == Failure.REFUSED || System.nanoTime() > deadline) {
                throw failed(sent, kind, failure);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static StoreException failed(boolean sent, Failure kind, SQLException failure) throws Refused {
        String what = Failure.describe(failure);
        if (sent) {
            return new StoreException.OutcomeUnknown("the connection was lost while appending: " + what, failure);
        }
        StoreException.Unavailable unavailable = new StoreException.Unavailable("cannot append: " + what, failure);
        if (kind == Failure.REFUSED) {
            throw new Refused(unavailable);
        }
        return unavailable;
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = database.getConnection();
            open.setAutoCommit(true);
            connection = open;
        }
        return open;
    }

    /** Gives the connection back; the next append takes another one. */
    @Override
    public void close() {
        try (Connection old = connection) {
            connection = null;
        } catch (SQLException e) {
            return; // broken already
        }
    }
}
