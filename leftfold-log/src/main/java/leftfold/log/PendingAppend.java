// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import leftfold.store.Append;
import leftfold.store.AppendResult;
import leftfold.store.Event;
import leftfold.store.StreamWrite;

/**
 * An append on its way to the writer, and where its caller waits for the answer. What can be done without knowing the
 * end of the log is done on the caller's thread: it leaves the writer one piece of memory to look at.
 *
 * @param streams where each write's stream stands in the files of the index
 * @param records the records of all events, one after the other, whose places are still to be filled in
 * @param events how many they are
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PendingAppend(
        Append append,
        LogIndex.StreamPlaces[] streams,
        ByteBuffer records,
        int events,
        CompletableFuture<AppendResult> result) {
    private static final int EVENT_BYTES = 2 * EventRecord.HEADER_BYTES; // most have no more besides their data

    /** Returns {@code append}, encoded and looked up as far as possible. */
    static PendingAppend of(Append append, LogIndex index) {
        List<StreamWrite> writes = append.writes();
        LogIndex.StreamPlaces[] streams = new LogIndex.StreamPlaces[writes.size()];
        FrameBuffer out = new FrameBuffer(estimate(writes));
        for (int i = 0; i < streams.length; i++) {
            Key stream = index.hash().stream(writes.get(i).stream());
            streams[i] = index.placesInFiles(stream);
            List<Event> events = writes.get(i).events();
            for (int j = 0; j < events.size(); j++) {
                boolean last = i == streams.length - 1 && j == events.size() - 1;
                EventRecord.encode(out, stream.name(), events.get(j), last ? EventRecord.LAST_OF_APPEND : 0);
            }
        }
        return new PendingAppend(append, streams, out.frame(), append.size(), new CompletableFuture<>());
    }

    private static int estimate(List<StreamWrite> writes) {
        int bytes = 0;
        for (StreamWrite write : writes) {
            for (Event event : write.events()) {
                bytes += EVENT_BYTES + event.data().size();
            }
        }
        return bytes;
    }
}
