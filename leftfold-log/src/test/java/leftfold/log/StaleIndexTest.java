// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Index files of the same log in another course of events, as a backup that was mixed with its original has them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class StaleIndexTest {
    private static final int APPENDS = 60;

    @Test
    void an_index_of_other_segments_is_not_trusted() throws IOException {
        SimDirectory mine = filled(1);
        SimDirectory other = filled(2);
        List<String> indexes =
                mine.names().stream().filter(name -> name.endsWith(".keys")).toList();
        assertThat(indexes).isNotEmpty();
        assertThat(other.names()).containsAll(indexes);
        for (String name : other.names()) {
            if (name.endsWith(".keys") || name.endsWith(".offsets")) {
                copy(other, mine, name);
            }
        }

        try (LogEventStore store = LogEventStore.open(mine, options(1))) {
            assertThat(store.streamVersion(stream(1))).isEqualTo(APPENDS);
            assertThat(store.streamVersion(stream(2))).isZero();
            try (var events = store.readStream(stream(1))) {
                assertThat(events).hasSize(APPENDS);
            }
        }
    }

    /** Returns a log that differs from another one in its epochs and in the stream that it has. */
    private static SimDirectory filled(int which) throws IOException {
        SimDirectory disk = new SimDirectory();
        try (LogEventStore store = LogEventStore.open(disk, options(which))) {
            for (int i = 0; i < APPENDS; i++) {
                store.append(stream(which), i, List.of(Event.of("Counted", Data.of(new byte[300], Data.BINARY))));
            }
        }
        return disk;
    }

    private static LogOptions options(int which) {
        SplittableRandom epochs = new SplittableRandom(which);
        RandomGenerator sameIdFirst = new RandomGenerator() {
            private int drawn;

            @Override
            public long nextLong() {
                return drawn++ < 2 ? 7 : epochs.nextLong();
            }
        };
        return new LogOptions(8 << 10, 8 << 10, Frame.ALIGNMENT, InstantSource.fixed(Instant.EPOCH), sameIdFirst);
    }

    private static StreamId stream(int which) {
        return StreamId.of("thing", Integer.toString(which));
    }

    private static void copy(SimDirectory from, SimDirectory to, String name) throws IOException {
        byte[] bytes = from.bytes(name);
        try (Directory.OpenFile file = to.create(name, bytes.length)) {
            file.write(ByteBuffer.wrap(bytes), 0);
            file.sync();
        }
    }
}
