// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

/** Objects of JDBC around whose calls a test does something of its own. */
final class Wrapped {
    private Wrapped() {}

    /** A call that the test decides about. */
    static final class Call {
        private final Object real;
        private final Method method;
        private final Object[] arguments;

        Call(Object real, Method method, Object... arguments) {
            this.real = real;
            this.method = method;
            this.arguments = arguments;
        }

        /** Makes the call and returns its result. */
        Object proceed() throws Throwable {
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        /** Returns the statement that is prepared; empty if the call does something else. */
        String prepared() {
            return method.getName().equals("prepareStatement") ? (String) arguments[0] : "";
        }
    }

    /** What is done in place of a call. */
    interface Around {
        Object of(Call call) throws Throwable;
    }

    /** Returns {@code real} with {@code around} in place of each of its calls. */
    static <T> T of(Class<T> type, T real, Around around) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> around.of(new Call(real, method, arguments))));
    }

    /** Returns {@code database} with {@code around} in place of each call of its connections. */
    static DataSource connections(DataSource database, Around around) {
        return of(DataSource.class, database, call -> {
            Object result = call.proceed();
            return result instanceof Connection connection ? of(Connection.class, connection, around) : result;
        });
    }
}
