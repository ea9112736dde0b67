// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/**
 * Bytes of a real file that the disk cannot give: a bad block and a shortened file look alike to who maps the file. Run
 * by an interpreter alone in the full run, for compiled code is told too late to say where it was.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class UnreadableTest {
    private static final StreamId STREAM = StreamId.of("thing-1");
    private static final LogOptions OPTIONS = LogOptions.defaults().withSegmentBytes(64 << 10, 64 << 10);
    private static final int APPENDS = 200;

    private final Path folder = TestFolders.create();

    @BeforeEach
    void fill_some_segments() {
        try (LogEventStore store = LogEventStore.open(folder, OPTIONS)) {
            for (int i = 0; i < APPENDS; i++) {
                store.append(STREAM, i, counted());
            }
        }
        assertThat(folder.resolve(Segment.file(2))).exists();
    }

    @AfterEach
    void delete_the_folder() {
        TestFolders.delete(folder);
    }

    @Test
    void events_that_the_disk_cannot_give_are_damage() throws IOException {
        try (LogEventStore store = LogEventStore.open(folder, OPTIONS)) {
            cut(Segment.file(1), SegmentHeader.BYTES);

            assertThatThrownBy(() -> store.readStream(STREAM).toList())
                    .isInstanceOf(StoreException.Corrupt.class)
                    .hasMessageContaining("segment-000001.log");
            assertThatThrownBy(() -> all(store))
                    .isInstanceOf(StoreException.Corrupt.class)
                    .hasMessageContaining("segment-000001.log");
            assertThatThrownBy(store::compact)
                    .isInstanceOf(StoreException.Corrupt.class)
                    .hasMessageContaining("segment-000001.log");
        }
    }

    @Test
    void every_page_that_verifying_cannot_read_is_told_by_its_file() throws IOException {
        Path first = folder.resolve(Segment.file(1));
        byte[] whole = Files.readAllBytes(first);
        for (int pages = 0; pages < 16; pages++) {
            VerifyReport report = LogVerifier.verify(cutOnceSeen(Segment.file(1), 4_096L * pages));

            assertThat(report.damages()).isNotEmpty();
            assertThat(report.damages().getFirst().file()).endsWith("segment-000001.log");
            assertThat(report.tornBytes()).isZero();
            Files.write(first, whole);
        }
    }

    @Test
    void a_tail_that_the_disk_cannot_give_is_not_cut() throws IOException {
        String last = Segment.file(lastSegment());
        try (LogEventStore store = LogEventStore.open(cutOnceSeen(last, 2 * 4_096), OPTIONS)) {
            assertThat(store.damages()).extracting(Damage::what).contains(Damage.UNREADABLE);
            assertThatThrownBy(() -> store.append(STREAM, APPENDS, counted()))
                    .isInstanceOf(StoreException.Unavailable.class);
        }
    }

    @Test
    void an_index_that_the_disk_cannot_give_is_made_anew() throws IOException {
        try (LogEventStore store = LogEventStore.open(folder, OPTIONS)) {
            for (String name : new FileDirectory(folder).list()) {
                if (KeyTable.isName(name) || name.endsWith(".offsets")) {
                    cut(name, 4_096);
                }
            }

            assertThat(store.streamVersion(STREAM)).isEqualTo(APPENDS);
            assertThat(all(store)).hasSize(APPENDS);
            try (Stream<RecordedEvent> events = store.readStream(STREAM)) {
                assertThat(events).hasSize(APPENDS);
            }
        }
        assertThat(LogVerifier.verify(folder).damages())
                .noneMatch(damage -> damage.file().endsWith(".keys"));
    }

    @Test
    void ordinals_that_the_disk_gave_once_and_cannot_give_again_are_damage_of_their_index() throws IOException {
        UUID id = StoreHeader.readFrom(new FileDirectory(folder)).id();
        byte[] type = "Counted".getBytes(US_ASCII);
        Key key = new Key(Key.TYPE, type, Key.Hash.STANDARD.of(Key.TYPE, type, type.length));
        for (String name : new FileDirectory(folder).list()) {
            if (KeyTable.isName(name)) {
                KeyTable table = Objects.requireNonNull(KeyTable.open(new FileDirectory(folder), name, id));
                Postings found = Objects.requireNonNull(table.find(key));
                assertThat(found).isNotInstanceOf(Postings.Indexed.class); // but a bitmap
                cut(name, 4_096);

                assertThatThrownBy(() -> found.page(0, Direction.FORWARDS, 10))
                        .isInstanceOf(IndexFile.DamagedException.class);
                assertThatThrownBy(() -> found.count(1, 10)).isInstanceOf(IndexFile.DamagedException.class);
            }
        }
    }

    @Test
    void an_index_whose_header_the_disk_cannot_give_is_made_anew() throws IOException {
        for (String name : new FileDirectory(folder).list()) {
            if (KeyTable.isName(name) || name.endsWith(".offsets")) {
                try (LogEventStore store = LogEventStore.open(cutOnceSeen(name, 0), OPTIONS)) {
                    assertThat(store.damages()).isEmpty();
                    assertThat(all(store)).hasSize(APPENDS);
                }
            }
        }
    }

    private static List<Event> counted() {
        return List.of(Event.of("Counted", Data.of(new byte[300], Data.BINARY)));
    }

    private static List<RecordedEvent> all(LogEventStore store) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), 1, Direction.FORWARDS, Long.MAX_VALUE)) {
            return events.toList();
        }
    }

    private int lastSegment() throws IOException {
        return new FileDirectory(folder)
                .list().stream().mapToInt(Segment::number).max().orElseThrow();
    }

    private void cut(String name, long size) throws IOException {
        try (FileChannel file = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE)) {
            file.truncate(size);
        }
    }

    /** Returns the folder; a file of it is cut as soon as it is mapped, as long as nobody writes it anew. */
    private Directory cutOnceSeen(String name, long size) throws IOException {
        long whole = Files.size(folder.resolve(name));
        return new WatchedDirectory(new FileDirectory(folder), new WatchedDirectory.Watch() {
            private boolean seen;

            @Override
            public void before(String what, long bytes) {}

            @Override
            public ByteBuffer view(Directory disk, String viewed) throws IOException {
                boolean anew = seen && Files.size(folder.resolve(name)) > size;
                if (!viewed.equals(name) || anew) {
                    return disk.view(viewed);
                }
                seen = true;
                try (FileChannel file = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE)) {
                    file.write(ByteBuffer.allocate(1), whole - 1); // as long as it was
                }
                ByteBuffer view = disk.view(name);
                cut(name, size);
                return view;
            }
        });
    }
}
