// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import leftfold.store.Tag;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/**
 * A store of 256 KiB whose bytes change behind its back, in every way: what is read is what was written, and what is
 * not read is missed aloud. Only the last append can go unnoticed by a read, as a torn one; a verification tells.
 */
@org.junit.jupiter.api.Tag("slow")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class BitRotSim {
    private static final int STORE_BYTES = 256 << 10;
    private static final int PIECE_BYTES = 64;
    private static final int THOROUGH = 64; // of so many bytes and lengths, one is followed by all reads
    private static final int STREAMS = 4;
    private static final LogOptions OPTIONS = new LogOptions(
            32 << 10, 32 << 10, Frame.ALIGNMENT, InstantSource.fixed(Instant.EPOCH), new SplittableRandom(1));

    private static final SimDirectory DISK = new SimDirectory();
    private static final Map<String, Long> FIRST_POSITIONS = new HashMap<>();
    private static List<RecordedEvent> written = List.of();
    private static String tail = "";
    private static long groupBefore; // the first positions of the last group commit, and of the one before it
    private static long lastGroup;

    /** A part of a file: between the header and the seal of a segment, or room that is left in a file of the index. */
    private record Piece(String file, int from, int to, boolean sealed, boolean room) {}

    @BeforeAll
    static void fill_a_store() throws IOException {
        QuietLog.on();
        GroupClock clock = new GroupClock();
        LogHistory history = new LogHistory(new SplittableRandom(1), clock);
        try (LogEventStore store = LogEventStore.open(DISK, OPTIONS)) {
            String segment = Segment.file(1);
            FIRST_POSITIONS.put(segment, 1L);
            while (segmentBytes() < STORE_BYTES || DISK.bytes(DISK.lastSegment())[SegmentHeader.BYTES + 9_000] == 0) {
                long before = store.head();
                groupBefore = lastGroup;
                lastGroup = before + 1;
                assertThat(history.append(store, List.of(append(history, store.head()))))
                        .isTrue();
                if (!DISK.lastSegment().equals(segment)) {
                    segment = DISK.lastSegment();
                    FIRST_POSITIONS.put(segment, before + 1);
                }
            }
            written = LogHistory.events(store);
        }
        tail = DISK.lastSegment();
        assertThat(LogVerifier.verify(DISK).clean()).isTrue();
    }

    /** Returns mostly large appends: there are enough bits in few events, and few are soon read. */
    private static Append append(LogHistory history, long head) {
        List<Event> events = head % 5 == 0
                ? List.of(history.event(40), history.event(0), history.event(300))
                : List.of(history.event(3_000));
        return new Append(List.of(new StreamWrite(LogHistory.stream((int) head % STREAMS), events)), List.of());
    }

    @Test
    void no_flipped_bit_changes_what_is_read_or_goes_unnoticed() throws IOException {
        RunReport report = RunReport.of(Suite.EVERY_BIT);
        List<Piece> pieces = pieces();
        AtomicLong opened = new AtomicLong();
        AtomicLong live = new AtomicLong();

        Parallel.range(0, pieces.size(), i -> {
            Piece piece = pieces.get(i);
            // What opening does not look at is read in a store that is open; of that, and of the room that is left in
            // files of the index, fewer bits are flipped before opening.
            for (int bit = piece.from * 8; bit < piece.to * 8; bit++) {
                if (piece.sealed ? isThorough(bit) : !piece.room || bit % 8 == bit / 8 % 8) {
                    flipAndOpen(piece.file, bit);
                    opened.incrementAndGet();
                }
            }
            if (piece.sealed) {
                flipUnderAnOpenStore(piece);
                live.addAndGet(8L * (piece.to - piece.from));
            }
        });

        report.passed("%s flips before opening and %s in an open store, in %d files"
                .formatted(
                        RunReport.number(opened.get()),
                        RunReport.number(live.get()),
                        DISK.names().size()));
    }

    /** Flips a bit of every so many, in a store that is open and in one that is opened then. */
    static void flipSome(int step) throws IOException {
        for (Piece piece : pieces()) {
            for (int bit = piece.from * 8 + piece.from % step; bit < piece.to * 8; bit += step) {
                flipAndOpen(piece.file, bit);
            }
        }
        for (Piece piece : pieces()) {
            if (piece.from % 4_096 == 2_048 && piece.sealed) {
                flipUnderAnOpenStore(piece);
            }
        }
    }

    private static void flipAndOpen(String file, int bit) {
        damaged(file, () -> "bit " + bit + " of " + file, isThorough(bit), bytes -> {
            flip(bytes, bit);
            return bytes;
        });
    }

    /** Returns whether the flip of a bit is followed by reads of all kinds. */
    private static boolean isThorough(int bit) {
        return bit % (8 * THOROUGH) == bit / (8 * THOROUGH) % (8 * THOROUGH);
    }

    private static void flipUnderAnOpenStore(Piece piece) {
        long first = FIRST_POSITIONS.getOrDefault(piece.file, 0L);
        long last = FIRST_POSITIONS.getOrDefault(Segment.file(Segment.number(piece.file) + 1), 0L) - 1;
        SimDirectory copy = DISK.sharing(Set.of(tail, piece.file));
        try (LogEventStore store = LogEventStore.open(copy, OPTIONS)) {
            byte[] bytes = copy.bytes(piece.file);
            for (int bit = piece.from * 8; bit < piece.to * 8; bit++) {
                flip(bytes, bit);
                checkRead(store, first, last);
                flip(bytes, bit);
            }
            List<RecordedEvent> read = new ArrayList<>();
            read(store, first, last, read);
            assertThat(read).hasSize((int) (last - first + 1));
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(piece + ": " + e, e);
        }
    }

    private static void checkRead(LogEventStore store, long first, long last) {
        List<RecordedEvent> read = new ArrayList<>();
        boolean reported = false;
        try {
            read(store, first, last, read);
        } catch (StoreException.Corrupt e) {
            reported = true;
        }
        checkSame(read, first);
        if (!reported && first + read.size() <= last) {
            throw new AssertionError("the events from position " + (first + read.size()) + " on are missing");
        }
    }

    private static void flip(byte[] bytes, int bit) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }

    @Test
    void no_shortened_or_missing_file_goes_unnoticed() throws IOException {
        RunReport report = RunReport.of(Suite.EVERY_LENGTH);
        List<Piece> pieces = pieces();
        AtomicLong lengths = new AtomicLong();

        Parallel.range(0, pieces.size(), i -> {
            Piece piece = pieces.get(i);
            for (int length = piece.from; length < piece.to; length++) {
                int shorter = length;
                lengths.incrementAndGet();
                damaged(
                        piece.file,
                        () -> piece.file + " of length " + shorter,
                        length % THOROUGH == 0,
                        bytes -> Arrays.copyOf(bytes, shorter));
            }
        });
        for (String file : DISK.names()) {
            SimDirectory copy = DISK.sharing(Set.of(tail));
            copy.remove(file);
            check(copy, 1, written.size());
            checkLookups(copy);
        }

        report.passed("%s lengths, %d files deleted"
                .formatted(RunReport.number(lengths.get()), DISK.names().size()));
    }

    @Test
    void no_sector_that_is_old_or_in_the_wrong_place_goes_unnoticed() throws IOException {
        RunReport report = RunReport.of(Suite.SECTORS);
        SplittableRandom random = new SplittableRandom(1);
        long count = 0;
        for (Piece piece : pieces()) {
            if (piece.from % SimFile.SECTOR_BYTES != 0) {
                continue;
            }
            int end = Math.min(piece.from + SimFile.SECTOR_BYTES, DISK.bytes(piece.file).length);
            String what = "sector at byte " + piece.from + " of " + piece.file;
            damaged(piece.file, () -> "zeros in the " + what, true, bytes -> {
                Arrays.fill(bytes, piece.from, end, (byte) 0);
                return bytes;
            });
            for (int i = 0; i < 8; i++) {
                List<String> files = DISK.names().stream().sorted().toList();
                String source = i < 4 ? piece.file : files.get(random.nextInt(files.size()));
                byte[] from = DISK.bytes(source);
                int sector = random.nextInt(from.length / SimFile.SECTOR_BYTES + 1) * SimFile.SECTOR_BYTES;
                damaged(piece.file, () -> "sector " + sector + " of " + source + " in the " + what, true, bytes -> {
                    int length = Math.min(end - piece.from, from.length - sector);
                    System.arraycopy(from, sector, bytes, piece.from, length);
                    return bytes;
                });
            }
            count += 9;
        }
        report.passed("%s sectors".formatted(RunReport.number(count)));
    }

    /** Changes the bytes of a file. */
    private interface Change {
        byte[] of(byte[] bytes);
    }

    private static void damaged(String file, Supplier<String> what, boolean thoroughly, Change change) {
        try {
            SimDirectory copy = DISK.sharing(file.equals(tail) ? Set.of(tail) : Set.of(tail, file));
            byte[] bytes = copy.bytes(file);
            byte[] changed = change.of(bytes);
            if (changed.length != bytes.length) {
                copy.resize(file, changed.length);
            }
            Long first = FIRST_POSITIONS.get(file);
            if (thoroughly) {
                check(copy, 1, written.size());
                checkLookups(copy);
            } else if (first == null) {
                check(copy, 1, 10);
                checkSomeLookups(copy);
            } else {
                long next = FIRST_POSITIONS.getOrDefault(Segment.file(Segment.number(file) + 1), (long) written.size());
                boolean tailChanged = file.equals(tail);
                check(copy, tailChanged ? first : Math.max(first, next - 3), Math.min(next, written.size()));
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(what.get() + ": " + e, e);
        }
    }

    /** Reads the events between two positions, inclusive: none may be another one or be left out in silence. */
    private static void check(SimDirectory disk, long first, long last) throws IOException {
        List<RecordedEvent> read = new ArrayList<>();
        boolean reported = false;
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS);
                Stream<RecordedEvent> events = store.read(Query.all(), first, Direction.FORWARDS, last - first + 1)) {
            for (Iterator<RecordedEvent> all = events.iterator(); all.hasNext(); ) {
                read.add(all.next());
            }
        } catch (StoreException.Corrupt | StoreException.CannotOpen | java.io.FileNotFoundException e) {
            reported = true;
        }
        checkSame(read, first);
        if (!reported && first + read.size() <= last) {
            checkTorn(disk, first + read.size());
        }
    }

    private static void read(LogEventStore store, long first, long last, List<RecordedEvent> read) {
        try (Stream<RecordedEvent> events = store.read(Query.all(), first, Direction.FORWARDS, last - first + 1)) {
            for (Iterator<RecordedEvent> all = events.iterator(); all.hasNext(); ) {
                read.add(all.next());
            }
        }
    }

    private static void checkSame(List<RecordedEvent> read, long first) {
        int from = (int) first - 1;
        if (from + read.size() > written.size() || !read.equals(written.subList(from, from + read.size()))) {
            throw new AssertionError("what was read is not what was written");
        }
    }

    /**
     * The end may be missing in silence only if it looks like an append that was cut off while it was written; a sector
     * that is lost can hold the end of the frame before the last one, too.
     */
    private static void checkTorn(SimDirectory disk, long from) {
        if (from < groupBefore || !disk.names().contains(tail)) {
            throw new AssertionError("the events from position " + from + " on are missing, in silence");
        }
    }

    private static void checkLookups(SimDirectory disk) throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            List<RecordedEvent> there = written;
            if (store.damages().isEmpty()) {
                assertThat(store.head()).isIn((long) written.size(), lastGroup - 1, groupBefore - 1);
                there = written.subList(0, (int) store.head());
            }
            for (int i = 0; i < STREAMS; i++) {
                StreamId stream = LogHistory.stream(i);
                List<RecordedEvent> expected = there.stream()
                        .filter(event -> event.stream().equals(stream))
                        .toList();
                try (Stream<RecordedEvent> events = store.readStream(stream)) {
                    assertThat(events.toList()).isEqualTo(expected);
                }
                assertThat(store.streamVersion(stream)).isEqualTo(expected.size());
                RecordedEvent last = expected.getLast();
                assertThat(store.find(stream, last.id())).contains(last);
            }
            Query tagged = Query.tags(Tag.of("n", "1"));
            try (Stream<RecordedEvent> events = store.read(tagged, 1, Direction.FORWARDS, Long.MAX_VALUE)) {
                assertThat(events.toList())
                        .isEqualTo(there.stream().filter(tagged::matches).toList());
            }
        } catch (StoreException.Corrupt | StoreException.CannotOpen e) {
            assertThat(e.getMessage()).isNotEmpty(); // told, and nothing wrong before
        }
    }

    /** Looks up the last events of the streams by what the files of the index say. */
    private static void checkSomeLookups(SimDirectory disk) throws IOException {
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (RecordedEvent last : written.subList(written.size() / 2, written.size() / 2 + STREAMS)) {
                try (Stream<RecordedEvent> events =
                        store.readStream(last.stream(), last.version() - 1, Direction.FORWARDS, 2)) {
                    assertThat(events.skip(1).toList()).isEqualTo(List.of(last));
                }
                assertThat(store.find(last.stream(), last.id())).contains(last);
            }
        } catch (StoreException.Corrupt | StoreException.CannotOpen e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static List<Piece> pieces() throws IOException {
        List<Piece> pieces = new ArrayList<>();
        for (String file : DISK.names().stream().sorted().toList()) {
            ByteBuffer bytes = ByteBuffer.wrap(DISK.bytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            boolean segment = Segment.number(file) > 0;
            Frame seal = segment ? Frame.lastSeal(bytes, bytes.getLong(32)) : null;
            for (int from = 0; from < bytes.limit(); from += PIECE_BYTES) {
                int to = Math.min(bytes.limit(), from + PIECE_BYTES);
                boolean zeros = Arrays.equals(bytes.array(), from, to, new byte[PIECE_BYTES], 0, to - from);
                boolean sealed = seal != null && from >= SegmentHeader.BYTES && to <= seal.offset();
                pieces.add(new Piece(file, from, to, sealed, zeros && !segment));
            }
        }
        return pieces;
    }

    private static int segmentBytes() throws IOException {
        int bytes = 0;
        for (String file : DISK.names()) {
            bytes += Segment.number(file) > 0 ? DISK.bytes(file).length : 0;
        }
        return bytes;
    }
}
