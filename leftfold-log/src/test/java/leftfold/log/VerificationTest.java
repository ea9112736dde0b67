// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What verifying tells of damage that no event is lost to: its place, and a cure that works. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class VerificationTest {
    private static final int APPENDS = 60;
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(8 << 10, 8 << 10);
    private static final StreamId STREAM = StreamId.of("thing-1");

    private SimDirectory disk = new SimDirectory();

    @BeforeEach
    void fill_some_segments() throws IOException {
        disk = filled();
    }

    @Test
    void a_damaged_block_of_an_index_is_told_with_its_place_and_is_whole_once_the_file_was_deleted()
            throws IOException {
        checkToldAndCured(4_096, 4_096);
    }

    @Test
    void a_damaged_header_of_an_index_is_told_and_is_whole_once_the_file_was_deleted() throws IOException {
        checkToldAndCured(20, 0);
    }

    @Test
    void an_offset_that_is_not_that_of_its_event_is_told_though_its_checksum_is_right() throws IOException {
        String name = Segment.offsetsFile(1);
        LyingIndex.put(disk, name, 2 * Integer.BYTES, SegmentHeader.BYTES);

        checkToldAndCured(name, 4_096 + 2 * Integer.BYTES);
    }

    @Test
    void a_version_that_does_not_follow_the_one_before_is_told_though_its_checksums_are_right() throws IOException {
        int offset = placeThirdEvent(new EventRecord.Place(3, 4, 2, 0));

        Damage damage = LogVerifier.verify(disk).damages().getFirst();
        assertThat(damage.file()).isEqualTo("sim/segment-000001.log");
        assertThat(damage.offset()).isEqualTo(offset);
        assertThat(damage.what()).isEqualTo("version 4 of thing-1 follows version 2");
    }

    @Test
    void an_event_that_names_another_one_as_the_last_of_its_stream_is_told_though_its_checksums_are_right()
            throws IOException {
        int offset = placeThirdEvent(new EventRecord.Place(3, 3, 1, 0));

        assertThat(LogVerifier.verify(disk).damages().getFirst().offset()).isEqualTo(offset);
    }

    @Test
    void an_index_of_another_store_is_told_until_it_is_moved_away() throws IOException {
        SimDirectory other = filled();
        String name = "index-000000000001-000000000007.keys";
        byte[] foreign = other.bytes(other.list().getFirst());
        try (Directory.OpenFile file = disk.create(name, foreign.length)) {
            file.write(ByteBuffer.wrap(foreign), 0);
            file.sync();
        }
        LogEventStore.open(disk, OPTIONS).close();
        assertThat(LogVerifier.verify(disk).damages())
                .singleElement()
                .satisfies(damage -> assertThat(damage.toString()).contains(name, "of another store", "move it"));

        disk.remove(name);

        assertThat(LogVerifier.verify(disk).damages()).isEmpty();
    }

    @Test
    void a_damaged_seal_is_not_called_an_append_that_was_never_acknowledged() throws IOException {
        ByteBuffer seal = disk.seal(Segment.file(1));
        seal.put(seal.limit() - 5, (byte) (seal.get(seal.limit() - 5) ^ 1));

        checkSealIsTold();
    }

    @Test
    void a_seal_of_zeros_is_told_like_a_damaged_one() throws IOException {
        disk.seal(Segment.file(1)).put(new byte[Frame.HEADER_BYTES]);

        checkSealIsTold();
    }

    private void checkSealIsTold() throws IOException {
        VerifyReport report = LogVerifier.verify(disk);
        assertThat(report.tornBytes()).isZero();
        assertThat(report.damages()).extracting(Damage::file).containsExactly("sim/segment-000001.log");
        assertThat(report.damages().getFirst().toString()).contains("no positions", "delete segment-000001.offsets");

        disk.remove(Segment.offsetsFile(1));
        LogEventStore.open(disk, OPTIONS).close();

        assertThat(LogVerifier.verify(disk).damages()).isEmpty();
    }

    @Test
    void a_seal_that_closes_other_events_is_told_though_all_checksums_are_right() throws IOException {
        ByteBuffer seal = disk.seal(Segment.file(1));
        seal.putInt(40, 7).putInt(4, Checksum.of(seal, 8, Frame.HEADER_BYTES - 8));
        ByteBuffer header = ByteBuffer.wrap(disk.bytes(Segment.file(2))).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(60, 7).putInt(88, Checksum.of(header, 0, 88));

        assertThat(LogVerifier.verify(disk).damages().getFirst().toString())
                .startsWith("sim/segment-000001.log")
                .contains("the seal is of other events");
    }

    @Test
    void a_folder_without_segments_is_opened_without_a_failure_beside_it() throws IOException {
        for (String name : disk.list()) {
            if (!name.equals(StoreHeader.FILE)) {
                disk.remove(name);
            }
        }
        List<String> told = new CopyOnWriteArrayList<>();
        Handler handler = new StreamHandler() {
            @Override
            public void publish(LogRecord message) {
                told.add(message.getMessage());
            }
        };
        Logger logger = Logger.getLogger("leftfold.log.Indexer");
        logger.addHandler(handler);
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            assertThat(store.damages()).isNotEmpty();
            assertThat(told).isEmpty();
        } finally {
            logger.removeHandler(handler);
        }
    }

    /** Damages a byte of each index file in turn, which is to be told at {@code offset}. */
    private void checkToldAndCured(int damaged, long offset) throws IOException {
        for (String name : disk.list()) {
            if (name.endsWith(".keys") || name.endsWith(".offsets")) {
                disk.bytes(name)[damaged] ^= 1;
                checkToldAndCured(name, offset);
            }
        }
    }

    private void checkToldAndCured(String name, long offset) throws IOException {
        checkTold(name, offset);
        disk.remove(name);
        LogEventStore.open(disk, OPTIONS).close();
        assertThat(LogVerifier.verify(disk).damages()).isEmpty();
    }

    /** Gives the third event another place, with checksums that are right; returns where its record begins. */
    private int placeThirdEvent(EventRecord.Place place) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(disk.bytes(Segment.file(1))).order(ByteOrder.LITTLE_ENDIAN);
        long epoch = Objects.requireNonNull(SegmentHeader.decode(bytes)).epoch();
        int start = SegmentHeader.BYTES;
        for (int i = 0; i < 2; i++) {
            start = Objects.requireNonNull(Frame.read(bytes, start, epoch)).end();
        }
        Frame frame = Objects.requireNonNull(Frame.read(bytes, start, epoch));
        EventRecord.complete(bytes, start + Frame.HEADER_BYTES, place);
        new Frame(0, frame.length(), Frame.EVENTS, 3, 1, frame.contentEnd() - start, 0)
                .complete(bytes.slice(start, frame.length()).order(ByteOrder.LITTLE_ENDIAN), epoch);
        return start + Frame.HEADER_BYTES;
    }

    private void checkTold(String name, long offset) throws IOException {
        Damage damage = LogVerifier.verify(disk).damages().getFirst();
        assertThat(damage.file()).isEqualTo("sim/" + name);
        assertThat(damage.offset()).isEqualTo(offset);
        assertThat(damage.what()).contains("delete it while the store is closed");
        assertThat(damage.positions()).isEqualTo("no positions");
    }

    private static SimDirectory filled() throws IOException {
        SimDirectory disk = new SimDirectory();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (int i = 0; i < APPENDS; i++) {
                store.append(STREAM, i, List.of(Event.of("Counted", Data.json("{\"n\":%d}".formatted(i)))));
            }
        }
        return disk;
    }
}
