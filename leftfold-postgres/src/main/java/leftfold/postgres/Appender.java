// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import leftfold.jdbc.ReadModelException;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
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
    private static final int TRIES_MAX = 3;

    private final DataSource database;
    private final OpenAppend appends;
    private final LongConsumer committed;
    private final Partitions partitions;
    private @Nullable Connection connection;
    private boolean sent; // some of what is being settled, and lost; it may have been committed, or still be

    /** Creates an appender that tells {@code committed} the new head after each commit. */
    Appender(DataSource database, OpenAppend appends, LongConsumer committed, Partitions partitions) {
        this.database = database;
        this.appends = appends;
        this.committed = committed;
        this.partitions = partitions;
    }

    /** Settles every append of a {@link Group}, with its result or its failure. */
    void settle(List<Waiting> group) {
        settleAll(group);
        if (partitions.areDue()) {
            grow();
        }
    }

    /** On the appender's own connection: there may be no other one. */
    private void grow() {
        try {
            partitions.grow(connection());
        } catch (SQLException e) {
            partitions.failed(e);
            close();
        }
    }

    private void settleAll(List<Waiting> group) {
        sent = false;
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
            answer = insist(open -> send(call, open));
        } catch (Refused e) {
            if (group.size() == 1) {
                group.getFirst().result().completeExceptionally(e.failure);
            } else { // one of them is to blame, and only that one may fail
                settleAll(group.subList(0, group.size() / 2));
                settleAll(group.subList(group.size() / 2, group.size()));
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
            AppendResult earlier = insist(open -> Optional.ofNullable(reason(refused.append(), open)))
                    .orElse(null);
            return earlier != null && refused.result().complete(earlier);
        } catch (Refused e) {
            return refused.result().completeExceptionally(e.failure);
        } catch (StoreException e) {
            return refused.result().completeExceptionally(sent && mayStillFit(e) ? unknown(e) : e);
        }
    }

    /**
     * On the appender's own connection: other ones may all be with threads that wait for this append. All of it is seen
     * as it stood at one moment, or events that are committed meanwhile would be there in part.
     */
    private static @Nullable AppendResult reason(Append append, Connection open) throws SQLException {
        open.setAutoCommit(false);
        try {
            Statements.execute(open, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            return AppendRules.decide(append, new LogView(Rows.on(open)));
        } catch (StoreException.Unavailable e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw e;
        } finally {
            open.rollback();
            open.setAutoCommit(true);
        }
    }

    /**
     * A first try may still lie with a server that the network has cut off, and come to its turn only after the second
     * one was refused. What a growing log can still make true may then be accepted after all.
     */
    private static boolean mayStillFit(StoreException refusal) {
        return refusal instanceof StoreException.Conflict conflict
                && switch (conflict.condition()) {
                    case AppendCondition.StreamAt at -> conflict.found() < at.version();
                    case AppendCondition.StreamExists exists -> true;
                    case AppendCondition.NothingSince since -> false;
                };
    }

    /** The database did not take the call, whatever it was; nothing was written. */
    private static final class Refused extends Exception {
        private final transient StoreException failure;

        Refused(StoreException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** What is done on a connection, and can be done again on another one. */
    private interface Step<T> {
        T on(Connection open) throws SQLException;
    }

    /** Sends a call and, where the partition for it was missing, makes that and sends it once more. */
    private AppendCall.Answer send(AppendCall call, Connection open) throws SQLException {
        try {
            return sendOnce(call, open);
        } catch (SQLException e) {
            if (!partitions.makeRoom(open, call.size(), e)) {
                throw e;
            }
        }
        return sendOnce(call, open);
    }

    private AppendCall.Answer sendOnce(AppendCall call, Connection open) throws SQLException {
        try {
            return appends.runAlone(open, call);
        } catch (SQLException e) {
            sent |= Failure.of(e) == Failure.LOST;
            throw e;
        }
    }

    /**
     * Tries until there is an answer. An append that was perhaps committed when the connection broke is sent again: the
     * database decides under the log's lock, and knows by their ids the events that are there.
     */
    private <T> T insist(Step<T> step) throws Refused {
        long deadline = System.nanoTime() + appends.options().timeout().toNanos();
        for (int tries = 1; ; tries++) {
            SQLException failure;
            try {
                return step.on(connection());
            } catch (SQLException e) {
                failure = e;
            }
            Failure kind = Failure.of(failure);
            if (kind != Failure.RETRY) {
                close();
            }
            boolean again = kind == Failure.LOST || (kind == Failure.RETRY && tries < TRIES_MAX);
            // An interrupted thread cannot pause.
            if (!again || System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                throw failed(kind, failure);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private StoreException failed(Failure kind, SQLException failure) throws Refused {
        if (sent) {
            return unknown(failure);
        }
        StoreException unavailable =
                new StoreException.Unavailable("cannot append: " + Failure.describe(failure), failure);
        if (kind == Failure.REFUSED || kind == Failure.RETRY) {
            throw new Refused(unavailable);
        }
        return unavailable;
    }

    private static StoreException unknown(Exception failure) {
        String what = failure instanceof SQLException e ? Failure.describe(e) : failure.getMessage();
        return new StoreException.OutcomeUnknown("what came of an append is not known: " + what, failure);
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = database.getConnection();
            connection = open; // from here on closed with the appender, or after the next failure
            prepare(open);
        }
        return open;
    }

    /** Whatever the role's or the database's defaults are, as long as writing is wanted at all. */
    private void prepare(Connection open) throws SQLException {
        if (open.isReadOnly()) { // of which the driver tells the server only where it begins transactions
            throw new SQLException("the connection was set to read only", Failure.ONLY_READS);
        }
        AnswerLimit.set(open, appends.options().answerMillis());
        open.setAutoCommit(true);
        open.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        Statements.execute(
                open,
                "SET array_nulls = on; SELECT set_config('synchronous_commit', 'on', false)"
                        + " WHERE current_setting('synchronous_commit') = 'off'");
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
