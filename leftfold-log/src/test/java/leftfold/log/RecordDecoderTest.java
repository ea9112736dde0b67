// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Records read one after the other, where a guess says where the next one begins. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RecordDecoderTest {
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);

    @Test
    void a_frames_header_is_no_record_though_its_length_and_kind_read_like_the_next_position() throws IOException {
        SimDirectory disk = new SimDirectory();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (int i = 0; i < 2; i++) {
                store.append(StreamId.of("thing-1"), i, List.of(Event.of("Counted", Data.json("{}"))));
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(disk.bytes(Segment.file(1))).order(ByteOrder.LITTLE_ENDIAN);
        int first = SegmentHeader.BYTES;
        int second = first + bytes.getInt(first + 8);
        long position = bytes.getLong(second + 8); // 1 in the upper half, the frame's length in the lower
        bytes.putLong(40, position - 1).putInt(88, Checksum.of(bytes, 0, 88));
        move(bytes, first, position - 1, 0);
        move(bytes, second, position, position - 1);

        try (LogEventStore store = LogEventStore.open(disk, OPTIONS);
                Stream<RecordedEvent> events = store.read(Query.all(), position - 1, Direction.FORWARDS, 10)) {
            assertThat(events).extracting(RecordedEvent::position).containsExactly(position - 1, position);
        }
    }

    /** Gives a frame of one event, and the event, another position. */
    private static void move(ByteBuffer bytes, int frame, long position, long previousPosition) {
        int record = frame + Frame.HEADER_BYTES;
        EventRecord.complete(
                bytes,
                record,
                new EventRecord.Place(
                        position, EventRecord.version(bytes, record), previousPosition, bytes.getLong(record + 48)));
        bytes.putLong(frame + 24, position)
                .putInt(frame + 4, Checksum.of(bytes, frame + 8, bytes.getInt(frame + 8) - 8));
    }
}
