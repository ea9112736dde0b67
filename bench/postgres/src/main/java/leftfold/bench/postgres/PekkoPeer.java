// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.postgres;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import leftfold.bench.PeerEvent;
import leftfold.bench.PeerLog;
import leftfold.bench.PostgresPeer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.PersistentRepr$;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.db.SlickDatabase;
import org.apache.pekko.persistence.jdbc.db.SlickExtension;
import org.apache.pekko.persistence.jdbc.db.SlickExtensionImpl;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.query.NoOffset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.util.Try;

/** Apache Pekko's journal on JDBC, called as its persistent actors call it, with payloads as they are. */
public final class PekkoPeer implements PostgresPeer {
    private static final String SCHEMA = "/schema/postgres/postgres-create-schema.sql"; // the plugin's own

    @Override
    public String name() {
        return "pekko-jdbc";
    }

    @Override
    public String lacks() {
        return "its journal without actors; of expected versions only that a version is taken once; appends that go"
                + " together fail together; appends here without the tag that following takes; positions have gaps"
                + " that followers wait for; no event ids";
    }

    @Override
    public PeerLog open(String url, Path folder) throws IOException, SQLException {
        if (!Files.exists(folder.resolve("installed"))) {
            install(url);
            Files.createFile(folder.resolve("installed"));
        }
        Config config = ConfigFactory.parseMap(Map.of("bench.url", url, "bench.connections", CONNECTIONS_MAX))
                .withFallback(ConfigFactory.parseResources(PekkoPeer.class, "pekko.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
        return log(ActorSystem.create("bench", config));
    }

    private static void install(String url) throws IOException, SQLException {
        try (InputStream sql = DefaultJournalDao.class.getResourceAsStream(SCHEMA);
                Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (sql == null) {
                throw new FileNotFoundException(SCHEMA + " is not on the class path");
            }
            for (String one : new String(sql.readAllBytes(), StandardCharsets.UTF_8).split(";", -1)) {
                if (!one.isBlank()) {
                    statement.execute(one);
                }
            }
        }
    }

    private static Log log(ActorSystem system) {
        Config config = system.settings().config().getConfig("jdbc-journal");
        Materializer streams = SystemMaterializer.get(system).materializer();
        SlickDatabase database = ((SlickExtensionImpl) SlickExtension.get(system)).database(config);
        DefaultJournalDao journal = new DefaultJournalDao(
                database.database(),
                database.profile(),
                new JournalConfig(config),
                SerializationExtension.get(system),
                system.dispatcher(),
                streams);
        JdbcReadJournal reads =
                PersistenceQuery.get(system).getReadJournalFor(JdbcReadJournal.class, JdbcReadJournal.Identifier());
        return new Log(system, streams, journal, reads, Set.of());
    }

    /** Tags what is to be read by a follower, and nothing else: an append takes twice the time with a tag. */
    private record Log(
            ActorSystem system,
            Materializer streams,
            DefaultJournalDao journal,
            JdbcReadJournal reads,
            Set<String> tags)
            implements PeerLog {
        private static final String TAG = "account";
        private static final int REPLAY = 400; // as its actors replay by default

        @Override
        public void write(int count) throws Exception {
            if (tags.isEmpty()) {
                new Log(system, streams, journal, reads, Set.of(TAG)).write(count);
            } else {
                PeerLog.super.write(count);
            }
        }

        @Override
        public void append(List<PeerEvent> events) throws ExecutionException, InterruptedException {
            Map<Long, List<PersistentRepr>> facts = new LinkedHashMap<>();
            for (PeerEvent event : events) {
                facts.computeIfAbsent(event.stream(), stream -> new ArrayList<>())
                        .add(fact(event));
            }
            List<AtomicWrite> writes = facts.values().stream()
                    .map(one -> AtomicWrite.apply(seq(one)))
                    .toList();
            for (Try<?> written : CollectionConverters.asJava(await(journal.asyncWriteMessages(seq(writes))))) {
                var unused = written.get(); // throws what it failed with
            }
        }

        private PersistentRepr fact(PeerEvent event) {
            Object payload = tags.isEmpty() ? event.data() : new Tagged(event.data(), tags);
            return PersistentRepr$.MODULE$.apply(
                    payload, event.version(), name(event.stream()), "", false, ActorRef.noSender(), "writer");
        }

        private static String name(long stream) {
            return "account-" + stream;
        }

        private static <T> Seq<T> seq(List<T> list) {
            return CollectionConverters.asScala(list).toList();
        }

        private static <T> T await(Future<T> future) throws ExecutionException, InterruptedException {
            return FutureConverters.asJava(future).toCompletableFuture().get();
        }

        @Override
        public long scan() throws ExecutionException, InterruptedException {
            return reads.currentEventsByTag(TAG, NoOffset.getInstance())
                    .runFold(0L, (found, event) -> found + (((byte[]) event.event()).length > 0 ? 1 : 0), streams)
                    .toCompletableFuture()
                    .get();
        }

        @Override
        public int readStream(long stream) throws ExecutionException, InterruptedException {
            return journal.messagesWithBatch(name(stream), 1, Long.MAX_VALUE, REPLAY, scala.Option.empty())
                    .asJava()
                    .runFold(
                            0,
                            (found, event) ->
                                    found + (((byte[]) event.get()._1().payload()).length > 0 ? 1 : 0),
                            streams)
                    .toCompletableFuture()
                    .get();
        }

        @Override
        public void close() throws ExecutionException, InterruptedException {
            await(system.terminate());
        }
    }
}
