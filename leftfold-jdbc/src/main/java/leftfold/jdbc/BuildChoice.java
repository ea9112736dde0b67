// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import leftfold.jdbc.BuildRow.Mark;
import leftfold.jdbc.ProjectionStatus.State;
import leftfold.subscription.CheckpointException;

/**
 * Which build of a projection a follower is to fill, made if it is not there; and whether it may.
 *
 * @param declared the projection
 * @param rebuild whether it is to be built anew beside the one that readers see
 * @param log the log that is followed
 */
record BuildChoice(JdbcProjection declared, boolean rebuild, UUID log) {
    /**
     * Returns the build to fill.
     *
     * @throws ReadModelException if the declaration does not fit what is there; nothing was changed
     * @throws CheckpointException.OtherLog if the build belongs to another log; nothing was changed
     */
    BuildRow choose(Connection connection, Dialect dialect) throws Exception {
        checkInputs(connection);
        List<BuildRow> rows = BuildTable.list(connection, declared.id().name());
        Optional<BuildRow> there = existing(rows);
        if (there.isPresent()) {
            check(connection, dialect, there.get());
            return there.get();
        }
        for (BuildRow row : rows) {
            if (row.build().id().equals(declared.id())) {
                checkFingerprint(row);
            }
        }
        return make(connection, dialect, new Build(declared.id(), 1 + last(rows)), rows);
    }

    private Optional<BuildRow> existing(List<BuildRow> rows) {
        List<BuildRow> mine = rows.stream()
                .filter(row -> row.build().id().equals(declared.id()))
                .toList();
        Optional<BuildRow> wanted = mine.stream()
                .filter(row -> row.state() == (rebuild ? State.BUILDING : State.LIVE))
                .findFirst();
        if (wanted.isPresent() || rebuild) {
            return wanted;
        }
        return mine.stream().max(Comparator.comparingInt(row -> row.build().number()));
    }

    private int last(List<BuildRow> rows) {
        return rows.stream()
                .map(BuildRow::build)
                .filter(build -> build.id().equals(declared.id()))
                .mapToInt(Build::number)
                .max()
                .orElse(0);
    }

    private void check(Connection connection, Dialect dialect, BuildRow row) throws SQLException {
        checkFingerprint(row);
        Mark mark = row.mark();
        if (!mark.log().equals(log)) {
            throw new CheckpointException.OtherLog(row.build().key(), log, mark.log());
        }
        for (String table : row.build().tables(row.views())) {
            if (!dialect.exists(connection, table)) {
                throw new ReadModelException.TablesMissing(row.build().key(), mark.position(), table);
            }
        }
    }

    private void checkFingerprint(BuildRow row) {
        if (!row.fingerprint().equals(ReadModel.fingerprint(declared))) {
            throw new ReadModelException.DeclarationChanged(declared.id());
        }
    }

    private BuildRow make(Connection connection, Dialect dialect, Build build, List<BuildRow> others) throws Exception {
        List<String> views = ReadModel.views(declared);
        Set<String> own = new LinkedHashSet<>();
        others.stream().filter(row -> row.state() == State.LIVE).forEach(row -> own.addAll(row.views()));
        for (String view : views) {
            checkFree(connection, dialect, build.table(view));
            if (!own.contains(view)) {
                checkFree(connection, dialect, view);
            }
        }
        BuildRow row = new BuildRow(
                build,
                State.BUILDING,
                0,
                ReadModel.fingerprint(declared),
                views,
                declared.projection().inputs().stream().sorted().toList(),
                new Mark(log, 0, 0, 0, null),
                null);
        Sql.inTransaction(connection, () -> {
            if (BuildTable.add(connection, row)) {
                ReadModel.of(declared, build, dialect).create(connection);
            }
        });
        return row;
    }

    private void checkFree(Connection connection, Dialect dialect, String name) throws SQLException {
        if (dialect.exists(connection, name)) {
            throw new ReadModelException.NameTaken(declared.id(), name);
        }
    }

    private void checkInputs(Connection connection) throws SQLException {
        if (!declared.projection().inputs().isEmpty()) {
            List<BuildRow> all = BuildTable.list(connection, null);
            List<String> path = new ArrayList<>(List.of(declared.id().name()));
            declared.projection().inputs().forEach(input -> walk(input, all, path));
        }
    }

    /** Follows the inputs' inputs until there are no more, or they lead back here. */
    private static void walk(String name, List<BuildRow> all, List<String> path) {
        boolean back = name.equals(path.getFirst());
        boolean seen = path.contains(name);
        path.add(name);
        if (back) {
            throw new ReadModelException.Cycle(path);
        }
        if (!seen) {
            all.stream()
                    .filter(row -> row.build().id().name().equals(name) && row.state() != State.KEPT)
                    .flatMap(row -> row.inputs().stream())
                    .distinct()
                    .forEach(input -> walk(input, all, path));
        }
        path.removeLast();
    }
}
