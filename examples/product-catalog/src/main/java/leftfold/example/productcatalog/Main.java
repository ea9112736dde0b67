// SPDX-License-Identifier: Apache-2.0
package leftfold.example.productcatalog;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import leftfold.postgres.Postgres;
import leftfold.store.StoreException;

/** The command: {@code [--once] [--queue] [jdbc:postgresql:...]}. */
public final class Main {
    private static final String USAGE =
            "usage: [--once] [--queue] [jdbc:postgresql://host/database?user=name]; the password comes from PGPASSWORD";

    private Main() {}

    /** Runs the example; exits with 1 if the database fails, and with 2 at wrong usage. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(run(out, arguments));
    }

    /** Runs the example and returns its exit code. */
    static int run(PrintStream out, String... arguments) throws Exception {
        List<String> locations = new ArrayList<>(List.of(arguments));
        boolean once = locations.remove("--once");
        boolean queue = locations.remove("--queue");
        if (locations.size() > 1 || !locations.stream().allMatch(one -> one.startsWith("jdbc:postgresql:"))) {
            out.println(USAGE);
            return 2;
        }
        try {
            return locations.isEmpty() ? play(out, queue, once) : play(locations.getFirst(), out, queue, once);
        } catch (SQLException | StoreException e) {
            out.println("the database fails: " + e.getMessage());
            return 1;
        }
    }

    private static int play(PrintStream out, boolean queue, boolean once) throws Exception {
        try (EmbeddedPostgres server = start(out)) {
            return play(server.getJdbcUrl("postgres", "postgres"), out, queue, once);
        }
    }

    private static int play(String location, PrintStream out, boolean queue, boolean once) throws Exception {
        try (HikariDataSource database = Postgres.pool(location)) {
            database.setMaximumPoolSize(20); // a relay may deliver sixteen messages at once
            return new Shop(database, queue, out).run(once);
        }
    }

    private static EmbeddedPostgres start(PrintStream out) throws IOException {
        out.println("starting a PostgreSQL of its own; what is in it is gone afterwards");
        return EmbeddedPostgres.start();
    }
}
