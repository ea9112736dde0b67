// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.peers;

import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leftfold.bench.Peer;
import leftfold.bench.PeerEvent;
import leftfold.bench.PeerLog;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.status.CountersReader;

/** Aeron Archive: a publication in shared memory that the archive records, synced before the position moves on. */
public final class AeronPeer implements Peer {
    private static final String CHANNEL = "aeron:ipc";
    private static final String ANY_PORT = "aeron:udp?endpoint=localhost:0"; // for replication, which is not used
    private static final int WRITE_STREAM = 1;
    private static final int REPLAY_STREAM = 2;
    private static final int FILE_SYNC_DATA = 1;
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long DRIVER_BYTES_MAX = 1 << 30;
    private static final int FRAGMENTS_MAX = 1_000;
    private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    @Override
    public String name() {
        return "aeron-archive";
    }

    @Override
    public String lacks() {
        return "no expected versions, no streams of an aggregate, no batch that is all or nothing";
    }

    @Override
    public boolean readsStreams() {
        return false;
    }

    @Override
    public PeerLog open(Path folder) throws IOException {
        Path driver = driverFolder(folder);
        try {
            return open(folder, driver.toString());
        } catch (IOException | RuntimeException | Error e) {
            IoUtil.delete(driver.toFile(), true);
            throw e;
        }
    }

    private static PeerLog open(Path folder, String driver) throws IOException {
        ArchivingMediaDriver archive = ArchivingMediaDriver.launch(
                new MediaDriver.Context()
                        .aeronDirectoryName(driver)
                        .threadingMode(ThreadingMode.SHARED)
                        .dirDeleteOnStart(true)
                        .dirDeleteOnShutdown(true)
                        .spiesSimulateConnection(true),
                new Archive.Context()
                        .aeronDirectoryName(driver)
                        .archiveDir(folder.resolve("archive").toFile())
                        .threadingMode(ArchiveThreadingMode.SHARED)
                        .fileSyncLevel(FILE_SYNC_DATA)
                        .catalogFileSyncLevel(FILE_SYNC_DATA)
                        .controlChannelEnabled(false)
                        .archiveClientContext(new AeronArchive.Context().controlResponseChannel(ANY_PORT))
                        .recordingEventsEnabled(false)
                        .replicationChannel(ANY_PORT));
        try {
            AeronArchive client = AeronArchive.connect(new AeronArchive.Context()
                    .aeronDirectoryName(driver)
                    .controlRequestChannel(AeronArchive.Configuration.localControlChannel())
                    .controlRequestStreamId(AeronArchive.Configuration.localControlStreamId())
                    .controlResponseChannel(CHANNEL));
            return new Log(archive, client);
        } catch (IOException | RuntimeException e) {
            archive.close();
            throw e;
        }
    }

    /** Returns a folder for the driver's buffers, in memory where there is room, as Aeron itself would choose. */
    private static Path driverFolder(Path folder) throws IOException {
        boolean inMemory =
                Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > DRIVER_BYTES_MAX;
        return inMemory ? Files.createTempDirectory(MEMORY, "leftfold-bench") : folder.resolve("driver");
    }

    private static final class Log implements PeerLog {
        private final ArchivingMediaDriver archive;
        private final AeronArchive client;
        private final Publication publication;
        private final CountersReader counters;
        private final int recorded;

        Log(ArchivingMediaDriver archive, AeronArchive client) throws IOException {
            this.archive = archive;
            this.client = client;
            this.publication = client.addRecordedPublication(CHANNEL, WRITE_STREAM);
            this.counters = client.context().aeron().countersReader();
            long start = System.nanoTime();
            int counter = RecordingPos.findCounterIdBySession(counters, publication.sessionId(), client.archiveId());
            while (counter == CountersReader.NULL_COUNTER_ID) {
                pause(start);
                counter = RecordingPos.findCounterIdBySession(counters, publication.sessionId(), client.archiveId());
            }
            this.recorded = counter;
        }

        @Override
        public void append(List<PeerEvent> events) throws IOException {
            long start = System.nanoTime();
            long position = 0;
            for (PeerEvent event : events) {
                UnsafeBuffer bytes = new UnsafeBuffer(Records.bytes(event));
                position = publication.offer(bytes);
                while (position < 0) {
                    pause(start);
                    position = publication.offer(bytes);
                }
            }
            while (counters.getCounterValue(recorded) < position) {
                pause(start);
            }
        }

        @Override
        public long scan() throws IOException {
            record Recording(long id, long start, long stop) {}
            List<Recording> recordings = new ArrayList<>();
            client.listRecordings(
                    0,
                    Integer.MAX_VALUE,
                    (session,
                            correlation,
                            id,
                            started,
                            stopped,
                            start,
                            stop,
                            term,
                            segment,
                            length,
                            mtu,
                            s,
                            stream,
                            stripped,
                            original,
                            source) -> recordings.add(new Recording(id, start, stop)));
            long[] events = new long[1];
            for (Recording recording : recordings) {
                long stop = recording.stop() == AeronArchive.NULL_POSITION
                        ? client.getRecordingPosition(recording.id())
                        : recording.stop();
                if (stop > recording.start()) {
                    replay(recording.id(), recording.start(), stop, events);
                }
            }
            return events[0];
        }

        private void replay(long recording, long from, long to, long[] events) throws IOException {
            FragmentHandler count =
                    (buffer, offset, length, header) -> events[0] += length > Records.HEAD_BYTES ? 1 : 0;
            long start = System.nanoTime();
            try (Subscription replay = client.replay(recording, from, to - from, CHANNEL, REPLAY_STREAM)) {
                while (replay.hasNoImages()) {
                    pause(start);
                }
                Image image = replay.imageAtIndex(0);
                while (image.position() < to) {
                    if (image.poll(count, FRAGMENTS_MAX) > 0) {
                        start = System.nanoTime();
                    } else {
                        pause(start);
                    }
                }
            }
        }

        private static void pause(long since) throws IOException {
            if (System.nanoTime() - since > WAIT_NANOS_MAX) {
                throw new IOException("the archive did nothing for 10 s");
            }
            YieldingIdleStrategy.INSTANCE.idle();
        }

        @Override
        public void close() {
            publication.close();
            client.close();
            archive.close();
        }
    }
}
