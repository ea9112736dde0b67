// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;

/** A database with somebody between it and the program. */
final class Faults {
    /** What is done at a call; may throw. */
    interface Fault {
        /** Is called with the call's SQL text, or its method's name where it has none. */
        void at(String call) throws Exception;
    }

    private static final Set<String> CALLS =
            Set.of("execute", "executeQuery", "executeUpdate", "executeBatch", "commit", "getConnection");

    private Faults() {}

    /** Returns {@code database} where {@code fault} comes before each call that reaches it. */
    static DataSource before(DataSource database, Fault fault) {
        return between(DataSource.class, database, "", fault, call -> {});
    }

    /** Returns {@code database} where {@code fault} comes after each call that has reached it. */
    static DataSource after(DataSource database, Fault fault) {
        return between(DataSource.class, database, "", call -> {}, fault);
    }

    private static <T> T between(Class<T> type, T real, String sql, Fault before, Fault after) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            boolean counts = CALLS.contains(method.getName());
            String call = text(sql, method.getName(), args);
            if (counts) {
                before.at(call);
            }
            Object result;
            try {
                result = method.invoke(real, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (counts) {
                after.at(call);
            }
            if (method.getName().equals("unwrap")) {
                return result;
            }
            return switch (result) {
                case PreparedStatement statement ->
                    between(PreparedStatement.class, statement, String.valueOf(args[0]), before, after);
                case Statement statement -> between(Statement.class, statement, "", before, after);
                case Connection connection -> between(Connection.class, connection, "", before, after);
                case null -> null;
                default -> result;
            };
        }));
    }

    private static String text(String sql, String method, Object[] args) {
        if (args != null && args.length > 0 && args[0] instanceof String text) {
            return text;
        }
        return sql.isEmpty() ? method : sql;
    }
}
