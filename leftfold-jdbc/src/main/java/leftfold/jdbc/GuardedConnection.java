// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose transaction somebody else begins and ends: everything but that can be done with it. Closing it
 * does nothing, so that code which closes what it was given works. For implementers. Confined to one thread.
 */
public final class GuardedConnection implements InvocationHandler {
    private static final Set<String> REFUSED = Set.of(
            "commit",
            "abort",
            "setAutoCommit",
            "setTransactionIsolation",
            "setReadOnly",
            "setSchema",
            "setCatalog",
            "beginRequest",
            "endRequest");

    private final Connection connection;
    private final Guard guard;
    private final Map<Savepoint, Integer> savepoints = new HashMap<>();

    /** What is asked before each use. */
    public interface Guard {
        /** Throws if the connection may not be used now, and returns how many appends were made so far. */
        int check();
    }

    private GuardedConnection(Connection connection, Guard guard) {
        this.connection = connection;
        this.guard = guard;
    }

    /**
     * Returns {@code connection} with {@code guard} before it; what would end its transaction or change how it works
     * throws {@link IllegalStateException} and does nothing.
     */
    public static Connection of(Connection connection, Guard guard) {
        return (Connection) Proxy.newProxyInstance(
                GuardedConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new GuardedConnection(connection, guard));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // asking the proxy itself whether it is equal would lead back here
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        if (method.getDeclaringClass() == Object.class) {
            return switch (name) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "the transaction's " + connection;
            };
        }
        if (name.equals("close")) {
            return null;
        }
        int appends = guard.check();
        if (REFUSED.contains(name) || (name.equals("rollback") && arguments == null)) {
            throw new IllegalStateException(name + " is refused on the connection of a transaction, which is committed"
                    + " when its work returns and rolled back when it throws");
        }
        if (name.equals("rollback") && arguments != null) {
            checkSavepoint((Savepoint) arguments[0], appends);
        }
        try {
            Object result = method.invoke(connection, arguments);
            if (result instanceof Savepoint savepoint) {
                savepoints.put(savepoint, appends);
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void checkSavepoint(Savepoint savepoint, int appends) {
        if (savepoints.getOrDefault(savepoint, 0) != appends) {
            throw new IllegalStateException("rolling back to a savepoint is refused once events were appended after it;"
                    + " append last, or throw to roll all back");
        }
    }
}
