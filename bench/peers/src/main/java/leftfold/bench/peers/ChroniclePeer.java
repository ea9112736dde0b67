// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.peers;

import java.nio.file.Path;
import java.util.List;
import leftfold.bench.Peer;
import leftfold.bench.PeerEvent;
import leftfold.bench.PeerLog;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/** Chronicle Queue: one file that is mapped into memory, synced after each append. */
public final class ChroniclePeer implements Peer {
    @Override
    public String name() {
        return "chronicle-queue";
    }

    @Override
    public String lacks() {
        return "no expected versions, no streams, no batch that is all or nothing, no shared sync for many writers";
    }

    @Override
    public boolean readsStreams() {
        return false;
    }

    @Override
    public PeerLog open(Path folder) {
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.announcer.disable", "true");
        return new Log(SingleChronicleQueueBuilder.binary(folder)
                .syncMode(SyncMode.SYNC)
                .build());
    }

    private static final class Log implements PeerLog {
        private final ChronicleQueue queue;
        private final ThreadLocal<ExcerptAppender> appenders;

        Log(ChronicleQueue queue) {
            this.queue = queue;
            this.appenders = ThreadLocal.withInitial(queue::createAppender);
        }

        @Override
        public void append(List<PeerEvent> events) {
            ExcerptAppender appender = appenders.get();
            for (PeerEvent event : events) {
                try (DocumentContext document = appender.writingDocument()) {
                    document.wire().bytes().write(Records.bytes(event));
                }
            }
            appender.sync();
        }

        @Override
        public long scan() {
            Bytes<byte[]> bytes = Bytes.allocateElasticOnHeap();
            try (ExcerptTailer tailer = queue.createTailer()) {
                long events = 0;
                while (tailer.readBytes(bytes.clear())) {
                    events += bytes.readRemaining() > Records.HEAD_BYTES ? 1 : 0;
                }
                return events;
            }
        }

        @Override
        public void close() {
            queue.close();
        }
    }
}
