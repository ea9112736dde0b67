// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import leftfold.jdbc.JdbcProjection;

/**
 * The read side of an application, as the command line looks after it. Immutable.
 *
 * @param database where the read models lie
 * @param projections what fills them
 */
public record ReadSide(DataSource database, List<JdbcProjection> projections) {
    // Kept, for the setting goes with it. Commands say themselves, in one line, why a projection stopped.
    private static final Logger FOLLOWER_LOG = Logger.getLogger("leftfold.subscription.Follower");

    /** Copies. */
    public ReadSide {
        projections = List.copyOf(projections);
    }

    /** Returns the read side of the application on the class path, for the store at {@code location}. */
    static ReadSide of(Location location) {
        FOLLOWER_LOG.setLevel(Level.OFF);
        for (Application application : ServiceLoader.load(Application.class)) {
            Optional<ReadSide> own = application.readSide(location.value());
            if (own.isPresent()) {
                return own.get();
            }
        }
        throw Refusal.failed("no application with projections on the class path; run this in the project that declares"
                + " them, see leftfold.cli.Application");
    }

    /** Returns the projection of that name; refuses if there is none. */
    JdbcProjection projection(String name) {
        return projections.stream()
                .filter(projection -> projection.id().name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.failed("no projection " + Shown.line(name) + "; there are "
                        + projections.stream()
                                .map(projection -> projection.id().name())
                                .sorted()
                                .collect(Collectors.joining(", "))));
    }
}
