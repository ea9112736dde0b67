// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import leftfold.projection.Projection;
import leftfold.projection.ProjectionId;

/** A projection whose read model lies in a database: documents, or tables of its own. Immutable. */
public sealed interface JdbcProjection permits DocumentProjection, SqlProjection {
    /** Returns the handlers. */
    Projection<?> projection();

    /** Returns which projection it is. */
    default ProjectionId id() {
        return projection().id();
    }
}
