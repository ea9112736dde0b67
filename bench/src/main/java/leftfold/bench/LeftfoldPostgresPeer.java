// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import leftfold.postgres.PostgresEventStore;
import leftfold.store.Batch;
import leftfold.store.Query;
import leftfold.store.Subscription;
import leftfold.subscription.FollowerSettings;

/** Leftfold on PostgreSQL, run in the same way as its peers. */
final class LeftfoldPostgresPeer implements PostgresPeer {
    @Override
    public String name() {
        return "leftfold";
    }

    @Override
    public String lacks() {
        return LeftfoldPeer.LACKS;
    }

    @Override
    public PeerLog open(String url, Path folder) {
        HikariDataSource pool = pool(url);
        return new Log(new StoreLog(PostgresEventStore.open(pool), pool::close));
    }

    /** Returns as many connections as a peer may open. */
    static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(PostgresPeer.CONNECTIONS_MAX);
        return new HikariDataSource(config);
    }

    /** Reads everything as a follower does. */
    private record Log(StoreLog log) implements PeerLog {
        @Override
        public void append(List<PeerEvent> events) {
            log.append(events);
        }

        @Override
        public long scan() throws InterruptedException {
            try (Subscription all = log.store().subscribe(Query.all(), 0)) {
                long found = 0;
                boolean caughtUp = false;
                while (!caughtUp) {
                    Batch batch = all.next(FollowerSettings.BATCH_EVENTS_MAX, Duration.ZERO);
                    found += batch.events().stream()
                            .filter(event -> event.data().size() > 0)
                            .count();
                    caughtUp = batch.caughtUp();
                }
                return found;
            }
        }

        @Override
        public int readStream(long stream) {
            return log.readStream(stream);
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
