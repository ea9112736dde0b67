// SPDX-License-Identifier: Apache-2.0
package leftfold.example.productcatalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example as its README says to run it. */
@Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ProductCatalogTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void one_day_ends_with_another_system_that_has_the_catalogs_prices() throws Exception {
        assertThat(run("--once")).isZero();
        assertThat(printed()).isEqualTo("""
                        starting a PostgreSQL of its own; what is in it is gone afterwards
                        a price of 0 was refused by the table, and nobody hears of it
                        stock-tea is at version 2 with 3 pieces free
                        a reservation was refused: only 3 pieces are free
                        waiting 0, parked 0
                        the price board got 7 requests with 6 messages
                        its prices are those of the catalog
                          kettle 2691
                          mug 801
                          tea 405
                        """);
    }

    @Test
    void in_a_database_that_is_given_each_run_adds_to_the_queue() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            String location = server.getJdbcUrl("postgres", "postgres");
            assertThat(run("--once", "--queue", location)).isZero();
            assertThat(printed()).endsWith("waiting 0, parked 0\ncatalog_queue has 6 messages\n");
            assertThat(run("--queue", location, "--once")).isZero();
            assertThat(printed())
                    .contains("stock-tea is at version 4 with 6 pieces free")
                    .endsWith("catalog_queue has 12 messages\n");
        }
    }

    @Test
    void wrong_usage_is_one_line_and_exit_code_2() throws Exception {
        assertThat(run("--twice")).isEqualTo(2);
        assertThat(printed()).startsWith("usage: ").hasLineCount(1);
    }

    @Test
    void a_database_that_is_not_there_is_one_line_and_exit_code_1() throws Exception {
        assertThat(run("--once", "jdbc:postgresql://localhost:1/shop?user=shop"))
                .isEqualTo(1);
        assertThat(printed()).contains("localhost:1 refused").hasLineCount(1);
    }

    @Test
    void what_is_no_location_is_one_line_without_its_password() throws Exception {
        assertThat(run("--once", "jdbc:postgresql://localhost:1?password=secret"))
                .isEqualTo(1);
        assertThat(printed())
                .contains("not a PostgreSQL location")
                .doesNotContain("secret")
                .hasLineCount(1);
    }

    private int run(String... arguments) throws Exception {
        return Main.run(new PrintStream(printed, true, StandardCharsets.UTF_8), arguments);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
