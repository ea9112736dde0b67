// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import leftfold.jdbc.GuardedConnection;
import leftfold.jdbc.ReadModelException;
import leftfold.store.Append;
import leftfold.store.AppendCondition;
import leftfold.store.AppendResult;
import leftfold.store.AppendRules;
import leftfold.store.Event;
import leftfold.store.EventStore;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.subscription.CheckpointException;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of the database that the log lies in: the program's own statements and appends, committed together or
 * not at all. Made by {@link PostgresEventStore#transaction}; confined to the thread that runs its work, and to the
 * time until the work returns.
 */
public final class Transaction {
    private final Thread owner = Thread.currentThread();
    private final Connection own;
    private final Connection guarded;
    private final OpenAppend appends;
    private final Partitions partitions;
    private final List<Step> last = new ArrayList<>();
    private final List<AppendCall.Last> appended = new ArrayList<>();
    private long events;
    private long head;
    private boolean ended;
    private @Nullable StoreException broken;

    /**
     * What is done in a transaction.
     *
     * @param <T> what it returns
     * @param <X> what it throws besides unchecked exceptions; the compiler finds out
     */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object, X extends Exception> {
        /** Does it; returning commits, throwing rolls back. Keep neither the transaction nor its connection. */
        T run(Transaction transaction) throws X;
    }

    /** Statements in the transaction. */
    interface Step {
        void run(Connection connection) throws SQLException;
    }

    Transaction(Connection own, OpenAppend appends, Partitions partitions) {
        this.own = own;
        this.guarded = GuardedConnection.of(own, this::check);
        this.appends = appends;
        this.partitions = partitions;
    }

    /**
     * Returns the connection for the program's own statements, at READ COMMITTED. Closing it does nothing; what would
     * end the transaction or change its ways ({@code commit}, {@code rollback}, {@code setAutoCommit} and the like)
     * throws {@link IllegalStateException}. Savepoints may be used, but not to undo an append.
     *
     * @throws IllegalStateException in another thread, or after the end
     */
    public Connection connection() {
        check();
        return guarded;
    }

    /**
     * Appends as {@link EventStore#append(Append)} does, but it is the transaction's commit that makes the events
     * durable, and visible to others. Inline read models have them at once.
     *
     * <p>From here on the transaction holds the log's lock: every other append, of every process, waits until it ends.
     * So let appends come last, and do nothing slow after them.
     *
     * @throws StoreException.Conflict if a condition does not hold; nothing was written, and the work may go on
     * @throws StoreException.EventIdConflict if some ids are already in their stream, but not as the same events;
     *     nothing was written, and the work may go on
     * @throws StoreException.Unavailable if the database fails or an inline projection refuses an event; the
     *     transaction can only be rolled back, whatever the work does
     * @throws IllegalStateException in another thread, or after the end
     */
    public AppendResult append(Append append) {
        check();
        StoreException before = broken;
        if (before != null) {
            throw new IllegalStateException("an append of this transaction has failed, so nothing more fits", before);
        }
        AppendCall call = new AppendCall(List.of(append));
        AppendCall.Answer answer;
        try {
            try (AnswerLimit limit = AnswerLimit.on(own, appends.options().answerMillis())) {
                answer = appends.run(own, call);
            }
            if (!answer.refused().isEmpty()) {
                return earlier(append);
            }
        } catch (SQLException e) {
            throw fail("cannot append: " + partitions.noteLack(events + call.size(), e), e);
        } catch (ReadModelException | CheckpointException e) {
            throw fail("nothing was written: " + e.getMessage(), e);
        } catch (StoreException.Unavailable e) {
            throw fail(String.valueOf(e.getMessage()), e);
        } catch (Error e) {
            fail("an append broke off: " + e, e);
            throw e;
        }
        events += call.size();
        appended.add(call.last(answer));
        head = appended.getLast().position();
        return call.results(answer).getFirst();
    }

    /** Appends {@code writes} under {@code conditions}; see {@link #append(Append)}. */
    public AppendResult append(List<StreamWrite> writes, List<AppendCondition> conditions) {
        return append(new Append(writes, conditions));
    }

    /**
     * Appends to one stream that must be at {@code expectedVersion}; see {@link #append(Append)}.
     *
     * @param expectedVersion the version of the stream's last event; 0 if the stream must not exist
     */
    public AppendResult append(StreamId stream, long expectedVersion, List<Event> events) {
        return append(
                List.of(new StreamWrite(stream, events)),
                List.of(new AppendCondition.StreamAt(stream, expectedVersion)));
    }

    /**
     * Publishes messages just before the commit, see {@link Outbox#publish(Connection, List)}: they will be delivered
     * if, and only if, this transaction commits.
     *
     * @throws IllegalStateException in another thread, or after the end
     */
    public void publish(OutboxMessage... messages) {
        List<OutboxMessage> all = List.of(messages);
        beforeCommit(
                connection -> Outbox.publish(connection, all, appends.options().timeoutSeconds()));
    }

    /** Brings in events of another log; see {@link Restore}. */
    void restore(List<RecordedEvent> events) {
        if (appends.models() != null) {
            throw new StoreException.Unavailable(
                    "restored events would be missing in inline read models; open the store without projections", null);
        }
        try (AnswerLimit limit = AnswerLimit.on(own, appends.options().readMillis())) {
            new Restore(own, events).run(appends.options().timeoutSeconds());
        } catch (SQLException e) {
            throw fail("cannot restore: " + partitions.noteLack(events.size(), e), e);
        }
        head = events.getLast().position();
    }

    /** Has {@code step} done once the work has returned, just before the commit, after the steps added earlier. */
    void beforeCommit(Step step) {
        check();
        last.add(step);
    }

    /** Does what is to be done before the commit. */
    void finish() {
        StoreException failure = broken;
        if (failure != null) {
            throw new StoreException.Unavailable(
                    "nothing was written, for an append of the transaction failed: " + failure.getMessage(), failure);
        }
        try {
            OpenAppend.checkOpen(own); // before a statement begins another one
            try (AnswerLimit limit = AnswerLimit.on(own, appends.options().answerMillis())) {
                for (Step step : last) {
                    step.run(own);
                }
                if (!appended.isEmpty()) {
                    appends.checkThere(own, appended);
                }
            }
        } catch (SQLException e) {
            throw Transactions.notWritten(e);
        }
    }

    /** Ends the use by the program. */
    void end() {
        ended = true;
    }

    /** Returns the log's last position after the appends that were made; 0 if there were none. */
    long head() {
        return head;
    }

    /** Returns the first outcome, with the log locked: what the rules look at is what the database looked at. */
    private AppendResult earlier(Append append) {
        AppendResult earlier = AppendRules.decide(append, new LogView(Rows.on(own)));
        if (earlier == null) {
            throw new AssertionError("the database refused an append that the rules accept");
        }
        return earlier;
    }

    private StoreException fail(String message, Throwable cause) {
        StoreException failure = new StoreException.Unavailable(message, cause);
        broken = failure;
        return failure;
    }

    private int check() {
        if (!Thread.currentThread().equals(owner)) {
            throw new IllegalStateException("the transaction belongs to thread " + owner.getName()
                    + "; do its work there, or begin another one");
        }
        if (ended) {
            throw new IllegalStateException("the transaction has ended; keep neither it nor its connection");
        }
        return appended.size();
    }
}
