// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.peers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import leftfold.bench.Peer;
import leftfold.bench.PeerEvent;
import leftfold.bench.PeerLog;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** Kafka: one broker in this process, one partition, every write flushed before it is acknowledged. */
public final class KafkaPeer implements Peer {
    private static final String TOPIC = "events";
    private static final int NODE = 1;
    private static final int BATCH_BYTES = 1 << 16; // an append of 100 events fits into one batch

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public String lacks() {
        return "no expected versions, no streams, no batch that is all or nothing without transactions";
    }

    @Override
    public boolean readsStreams() {
        return false;
    }

    @Override
    public PeerLog open(Path folder) throws Exception {
        Exit.setExitProcedure((code, message) -> {
            throw new IllegalStateException("Kafka gave up: " + message);
        });
        if (!Files.exists(folder.resolve("meta.properties"))) {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(folder.toString()))
                    .setMetadataLogDirectory(folder.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .run();
        }
        return Log.start(folder);
    }

    private static Properties settings(Path folder, int port, int controllerPort) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", Integer.toString(NODE),
                "controller.quorum.voters", NODE + "@localhost:" + controllerPort,
                "listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort,
                "controller.listener.names", "CONTROLLER",
                "log.dir", folder.toString(),
                "log.flush.interval.messages", "1",
                "offsets.topic.num.partitions", "1",
                "offsets.topic.replication.factor", "1"));
        return settings;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private record Log(KafkaRaftServer server, String address, KafkaProducer<byte[], byte[]> producer)
            implements PeerLog {

        static Log start(Path folder) throws Exception {
            int port = freePort();
            KafkaRaftServer server =
                    new KafkaRaftServer(new KafkaConfig(settings(folder, port, freePort())), Time.SYSTEM);
            server.startup();
            String address = "localhost:" + port;
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                if (!admin.listTopics().names().get().contains(TOPIC)) {
                    NewTopic topic = new NewTopic(TOPIC, 1, (short) 1).configs(Map.of("flush.messages", "1"));
                    admin.createTopics(List.of(topic)).all().get();
                }
            }
            Map<String, Object> settings =
                    Map.of("bootstrap.servers", address, "acks", "all", "batch.size", BATCH_BYTES);
            return new Log(
                    server,
                    address,
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
        }

        @Override
        public void append(List<PeerEvent> events) throws InterruptedException, ExecutionException {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (PeerEvent event : events) {
                byte[] key =
                        ByteBuffer.allocate(Long.BYTES).putLong(event.stream()).array();
                sent.add(producer.send(new ProducerRecord<>(TOPIC, 0, key, Records.bytes(event))));
            }
            producer.flush(); // or what is sent lingers for what may follow
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
        }

        @Override
        public long scan() {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            Map<String, Object> settings = Map.of("bootstrap.servers", address);
            try (KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = Optional.ofNullable(
                                consumer.endOffsets(List.of(partition)).get(partition))
                        .orElse(0L);
                long events = 0;
                while (consumer.position(partition) < end) {
                    for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofSeconds(10))) {
                        events += found.value().length > Records.HEAD_BYTES ? 1 : 0;
                    }
                }
                return events;
            }
        }

        @Override
        public void close() {
            producer.close();
            server.shutdown();
            server.awaitShutdown();
        }
    }
}
