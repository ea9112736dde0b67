// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import leftfold.jdbc.ProjectionStatus.State;

/**
 * Moves readers from one build to another: all views of a projection in one transaction, so that they see the one or
 * the other, and never neither.
 */
final class Views {
    private Views() {}

    /**
     * Shows {@code build} to readers and returns true; false if that must wait, for it is behind the build that they
     * see, or they are in the way.
     *
     * @throws ReadModelException.NameTaken if something else has a view's name; nothing was changed
     */
    static boolean show(Connection connection, Dialect dialect, BuildRow build) throws Exception {
        try {
            return move(connection, dialect, build, build.mark().position());
        } catch (SQLException e) {
            if (Dialect.isTransient(e) && !connection.isClosed()) {
                return false; // a reader held its lock for longer than we may wait
            }
            throw e;
        }
    }

    /** Shows {@code build} to readers wherever it stands. */
    static void showAgain(Connection connection, Dialect dialect, BuildRow build) throws Exception {
        move(connection, dialect, build, Long.MAX_VALUE);
    }

    private static boolean move(Connection connection, Dialect dialect, BuildRow build, long position)
            throws Exception {
        boolean[] moved = new boolean[1];
        try {
            Sql.inTransaction(connection, () -> {
                dialect.limitLockWait(connection);
                moved[0] = BuildTable.makeLive(connection, build) && replace(connection, dialect, build, position);
                if (!moved[0]) {
                    throw new NotNow();
                }
            });
        } catch (NotNow e) {
            return false;
        }
        return moved[0];
    }

    private static boolean replace(Connection connection, Dialect dialect, BuildRow build, long position)
            throws SQLException {
        Optional<BuildRow> old = BuildTable.list(connection, build.build().id().name()).stream()
                .filter(row -> row.state() == State.LIVE && !row.build().equals(build.build()))
                .findFirst();
        List<String> before = old.map(BuildRow::views).orElse(List.of());
        if (old.isPresent()) {
            // Its runner would go on filling it; shut out, it goes over to the new build of its version.
            int epochs = old.get().build().id().equals(build.build().id()) ? 1 : 0;
            if (!BuildTable.keep(connection, old.get().build(), position, epochs)) {
                return false;
            }
        }
        for (String view : build.views()) {
            if (!before.contains(view) && dialect.exists(connection, view)) {
                throw new ReadModelException.NameTaken(build.build().id(), view);
            }
            dialect.showView(connection, view, build.build().table(view));
        }
        for (String view : before) {
            if (!build.views().contains(view)) {
                Sql.execute(connection, "DROP VIEW " + view);
            }
        }
        return true;
    }

    /** Rolls back what is under way, for now. */
    private static final class NotNow extends Exception {
        private static final long serialVersionUID = 1;

        NotNow() {
            super("not now", null, false, false);
        }
    }
}
