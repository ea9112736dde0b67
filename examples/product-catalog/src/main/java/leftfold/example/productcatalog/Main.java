// SPDX-License-Identifier: Apache-2.0
package leftfold.example.productcatalog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The command: {@code [--once] [--queue] [jdbc:postgresql:...]}. */
public final class Main {
    private static final String USAGE =
            "usage: [--once] [--queue] [jdbc:postgresql://host/database?user=name]; the password comes from PGPASSWORD";

    private Main() {}

    /** Runs the example; exits with 2 at wrong usage. */
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
        if (!locations.isEmpty()) {
            try (HikariDataSource database = pool(locations.getFirst())) {
                return new Shop(database, queue, out).run(once);
            }
        }
        try (EmbeddedPostgres server = start(out);
                HikariDataSource database = pool(server.getJdbcUrl("postgres", "postgres"))) {
            return new Shop(database, queue, out).run(once);
        }
    }

    private static EmbeddedPostgres start(PrintStream out) throws IOException {
        out.println("starting a PostgreSQL of its own; what is in it is gone afterwards");
        return EmbeddedPostgres.start();
    }

    private static HikariDataSource pool(String location) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(location);
        String password = System.getenv("PGPASSWORD");
        if (password != null) {
            config.setPassword(password);
        }
        config.setMaximumPoolSize(20); // a relay may deliver sixteen messages at once
        return new HikariDataSource(config);
    }
}
