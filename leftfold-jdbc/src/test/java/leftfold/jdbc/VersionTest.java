// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import leftfold.jdbc.Movement.Deposited;
import leftfold.memory.MemoryEventStore;
import leftfold.subscription.Backoff;
import leftfold.subscription.Follower;
import leftfold.subscription.FollowerSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One version of a projection beside the other. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class VersionTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Parameter
    TestDatabase kind = TestDatabase.SQLITE;

    @TempDir
    Path folder;

    private final MemoryEventStore store = new MemoryEventStore();
    private final List<Follower> followers = new ArrayList<>();
    private DataSource database;

    @BeforeEach
    void open() {
        database = kind.open(folder);
    }

    @AfterEach
    void end() {
        followers.forEach(Follower::close);
        store.close();
    }

    @Test
    void readers_see_a_new_version_once_it_has_caught_up_and_not_before() throws Exception {
        assertThat(run(projection(1)).await(deposit("ann"), LONG)).isTrue();
        deposit("bob");
        CountDownLatch halfBuilt = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Follower second = run(SqlProjection.<Movement>declare("accounts", 2, Movement.CODEC)
                .table("accounts", "account TEXT NOT NULL, version_2 TEXT")
                .on(Deposited.class, (sql, deposit) -> {
                    if (deposit.position() == 2) {
                        halfBuilt.countDown();
                        goOn.await();
                    }
                    add(sql, deposit.event(), "v2");
                })
                .build());
        halfBuilt.await();
        assertThat(seen()).isEqualTo("v1");
        goOn.countDown();
        assertThat(second.await(2, LONG)).isTrue();
        assertThat(seen()).isEqualTo("v2");
    }

    @Test
    void an_older_version_goes_on_beside_and_does_not_take_the_readers_back() throws Exception {
        Follower first = run(projection(1));
        assertThat(first.await(deposit("ann"), LONG)).isTrue();
        Follower second = run(projection(2));
        assertThat(second.await(1, LONG)).isTrue();
        first.close();
        Follower again = run(projection(1));
        long last = deposit("bob");
        assertThat(again.await(last, LONG)).isTrue();
        assertThat(second.await(last, LONG)).isTrue();
        assertThat(seen()).isEqualTo("v2");
        assertThat(Models.rows(database, "SELECT account, 0 FROM accounts_v1"))
                .containsExactly(entry("ann", 0L), entry("bob", 0L));
    }

    @Test
    void a_table_that_the_new_version_does_without_is_no_longer_seen() throws Exception {
        SqlProjection two = SqlProjection.<Movement>declare("accounts", 1, Movement.CODEC)
                .table("accounts", "account TEXT NOT NULL, version_1 TEXT")
                .table("old_accounts", "account TEXT NOT NULL")
                .on(Deposited.class, (sql, deposit) -> add(sql, deposit.event(), "v1"))
                .build();
        assertThat(run(two).await(deposit("ann"), LONG)).isTrue();
        assertThat(views()).containsOnlyKeys("accounts", "old_accounts");
        assertThat(run(projection(2)).await(1, LONG)).isTrue();
        assertThat(views()).containsOnlyKeys("accounts");
    }

    @Test
    void tables_can_be_read_before_the_first_event() throws Exception {
        assertThat(run(projection(1)).await(0, LONG)).isTrue();
        assertThat(views()).containsOnlyKeys("accounts");
    }

    private static SqlProjection projection(int projectionVersion) {
        return SqlProjection.<Movement>declare("accounts", projectionVersion, Movement.CODEC)
                .table("accounts", "account TEXT NOT NULL, version_" + projectionVersion + " TEXT")
                .on(Deposited.class, (sql, deposit) -> add(sql, deposit.event(), "v" + projectionVersion))
                .build();
    }

    private static void add(SqlModel sql, Deposited deposit, String version) throws SQLException {
        sql.update("INSERT INTO " + sql.table("accounts") + " VALUES (?, ?)", deposit.account(), version);
    }

    private Follower run(SqlProjection projection) {
        FollowerSettings settings = FollowerSettings.standard()
                .withBackoff(Backoff.none())
                .withBatchEventsMax(1)
                .withThreads(Thread.ofPlatform().daemon().factory());
        Follower follower = new ReadDatabase(database, settings).run(store, projection);
        followers.add(follower);
        return follower;
    }

    private long deposit(String account) {
        return Bank.append(store, new Deposited(account, 1));
    }

    /** Returns the one version that all rows of the view are of. */
    private String seen() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM accounts")) {
            Set<String> versions = new HashSet<>();
            while (row.next()) {
                versions.add(row.getString(2));
            }
            return String.join(",", versions);
        }
    }

    private SortedMap<String, Long> views() throws SQLException {
        return Models.rows(
                database,
                kind == TestDatabase.SQLITE
                        ? "SELECT name, 0 FROM sqlite_master WHERE type = 'view'"
                        : "SELECT viewname, 0 FROM pg_views WHERE schemaname = current_schema()");
    }
}
