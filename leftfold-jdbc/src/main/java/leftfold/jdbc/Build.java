// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.List;
import leftfold.projection.ProjectionId;

/**
 * One set of tables of a projection. The first build of a version has its name alone, {@code feed-v1} and {@code
 * feed_v1}; a rebuild of the same version makes {@code feed-v1.2} and {@code feed_v1_2}. Immutable.
 *
 * @param id which projection
 * @param number which build of that version, from 1
 */
record Build(ProjectionId id, int number) {
    /** Returns the name under which the database keeps it. */
    String key() {
        return number == 1 ? id.toString() : id + "." + number;
    }

    /** Returns the name of the table behind {@code view} in this build. */
    String table(String view) {
        String table = view + "_v" + id.projectionVersion();
        return number == 1 ? table : table + "_" + number;
    }

    /** Returns the names of the tables behind {@code views}. */
    List<String> tables(List<String> views) {
        return views.stream().map(this::table).toList();
    }
}
