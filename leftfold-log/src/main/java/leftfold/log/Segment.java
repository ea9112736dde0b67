// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * One file of the log: its bytes, which never change once events in them are acknowledged, and where the record of each
 * event begins, which is kept in memory until the segment is sealed and then in a file. One thread adds; any thread
 * reads what had been added before it learned of it.
 */
final class Segment implements PositionList.Positioned {
    private static final System.Logger LOGGER = System.getLogger(Segment.class.getName());
    private static final Pattern NAME = Pattern.compile("segment-(\\d{6})\\.log");
    private static final Pattern OFFSETS_NAME = Pattern.compile("segment-\\d{6}\\.offsets");
    private static final int CAPACITY_FIRST = 64;

    private final String path;
    private final SegmentHeader header;
    private final ByteBuffer bytes;
    private final Directory.Loader loader;
    private final ReentrantLock rescanning = new ReentrantLock();
    private volatile int[] offsets = new int[CAPACITY_FIRST];
    private volatile @Nullable IndexFile offsetsFile; // null while they are in memory
    private volatile int closing;
    private int count;
    private int firstKind; // of its frames; 0 as long as that is not known

    /** Creates a segment without events; {@code path} names its file in messages. */
    Segment(String path, SegmentHeader header, ByteBuffer bytes, Directory.Loader loader) {
        this.path = path;
        this.loader = loader;
        this.header = header;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the same segment with nothing known of its events. */
    Segment empty() {
        Segment empty = new Segment(path, header, bytes, loader);
        empty.close(closing);
        return empty;
    }

    /** Returns the name of the file of the segment with this number. */
    static String file(int number) {
        return "segment-%06d.log".formatted(number);
    }

    /** Returns the name of the file that says where the events of the segment with this number begin. */
    static String offsetsFile(int number) {
        return "segment-%06d.offsets".formatted(number);
    }

    /** Returns the number in a segment's file name; 0 if {@code name} is not one. */
    static int number(String name) {
        var matcher = NAME.matcher(name);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** Returns whether {@code name} is that of such a file, of whatever segment. */
    static boolean isOffsetsFile(String name) {
        return OFFSETS_NAME.matcher(name).matches();
    }

    String path() {
        return path;
    }

    SegmentHeader header() {
        return header;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** Takes note of what its last record's checksum is, according to its seal or the segment that follows. */
    void close(int checksum) {
        closing = checksum;
    }

    /** Returns that checksum; 0 if there is no such record or none of the two. */
    int closing() {
        return closing;
    }

    /** Returns what tells this segment from all others, and from copies of it that went on differently. */
    long lineage() {
        return header.lineage() ^ Integer.toUnsignedLong(closing);
    }

    /**
     * Returns the checksum in the last event's record; 0 if there is no event.
     *
     * @throws IOException if the disk cannot give it
     */
    int lastChecksum() throws IOException {
        try {
            return count == 0 ? 0 : EventRecord.checksum(bytes, offset(count - 1));
        } catch (InternalError e) {
            throw new IOException(path + ": " + Damage.UNREADABLE, e);
        }
    }

    /** Returns the position of the first event that is, or will be, here. */
    @Override
    public long firstPosition() {
        return header.firstPosition();
    }

    /** Returns the number of events here, lost ones too. */
    int count() {
        return count;
    }

    /** Returns the position after the last one here. */
    long nextPosition() {
        return header.firstPosition() + count;
    }

    /** Takes note of the next event, whose record begins at {@code offset}. */
    void add(int offset) {
        int[] room = withRoom(count + 1);
        room[count++] = offset;
    }

    /** Takes note that the positions up to {@code position}, exclusive, are lost. */
    void skipTo(long position) {
        int end = Math.toIntExact(position - firstPosition());
        withRoom(end);
        count = end;
    }

    /** Returns where the record of the event with this ordinal begins; 0 if it is lost or there is none. */
    int offset(int ordinal) {
        int[] inMemory = offsets; // read before the file, which is set before this is emptied
        IndexFile file = offsetsFile;
        if (file == null || ordinal < inMemory.length) {
            return at(inMemory, ordinal);
        }
        try {
            return file.getInt(Integer.BYTES * ordinal);
        } catch (IndexFile.DamagedException e) {
            LOGGER.log(Level.WARNING, "{0}; taken from the segment instead", e.getMessage());
            return at(rescanned(), ordinal);
        }
    }

    /** An index that was made up can name events that are not there: they count as lost. */
    private static int at(int[] offsets, int ordinal) {
        return ordinal < 0 || ordinal >= offsets.length ? 0 : offsets[ordinal];
    }

    /** Keeps the offsets in {@code file} from now on. */
    void use(IndexFile file) {
        count = (int) (file.header().nextPosition() - file.header().firstPosition());
        offsetsFile = file;
        offsets = new int[0];
    }

    /** Returns the file that holds the offsets; null while they are in memory. */
    @Nullable IndexFile offsetsFile() {
        return offsetsFile;
    }

    /** Writes the offsets of this segment, which is sealed and of which nothing is lost, to a file, and uses it. */
    void writeOffsets(Directory directory) throws IOException {
        String name = offsetsFile(header.number());
        try (IndexFile.Writer out = new IndexFile.Writer(directory, name)) {
            for (int ordinal = 0; ordinal < count; ordinal++) {
                out.putInt(offsets[ordinal]);
            }
            out.finish(new IndexFile.Header(
                    IndexFile.OFFSETS,
                    header.logId(),
                    firstPosition(),
                    nextPosition(),
                    offsetsLineage(),
                    out.length(),
                    header.number(),
                    0));
        }
        IndexFile file = IndexFile.open(directory, name, IndexFile.OFFSETS, header.logId());
        if (file != null) {
            use(file);
        }
    }

    /**
     * Uses the file with the offsets if there is a valid one of this very segment, which ends before position
     * {@code next}; returns whether there is.
     */
    boolean useOffsetsFile(Directory directory, long next) throws IOException {
        String name = offsetsFile(header.number());
        IndexFile file;
        try {
            file = IndexFile.open(directory, name, IndexFile.OFFSETS, header.logId());
        } catch (NoSuchFileException | FileNotFoundException e) {
            return false;
        }
        if (file == null
                || file.header().nextPosition() != next
                || file.header().first() != header.number()
                || file.header().lineage() != offsetsLineage()
                || file.header().firstPosition() != firstPosition()
                || file.header().bodyLength() != Integer.BYTES * (file.header().nextPosition() - firstPosition())) {
            return false;
        }
        use(file);
        return true;
    }

    private long offsetsLineage() {
        return header.epoch() ^ Integer.toUnsignedLong(closing);
    }

    /** Returns where the record of the event at {@code position} begins; 0 if it is lost or there is none. */
    int offset(long position) {
        return offset((int) (position - firstPosition()));
    }

    /** Returns whether {@code position} lies here. */
    boolean holds(long position) {
        return position >= firstPosition() && position < nextPosition();
    }

    /** Returns whether the events of each stream lie together here, as far as the first frame tells, unchecked. */
    boolean isClustered() {
        int kind = firstKind;
        if (kind == 0 && bytes.limit() >= SegmentHeader.BYTES + Frame.HEADER_BYTES) {
            try {
                kind = Frame.kind(bytes, SegmentHeader.BYTES);
            } catch (InternalError e) {
                return false; // who reads the events learns that
            }
            firstKind = kind;
        }
        return kind == Frame.CLUSTERED;
    }

    /** Returns how many bytes a record has here, on average. */
    int recordBytes() {
        return bytes.limit() / Math.max(1, count);
    }

    /** Returns whether the event at {@code position} begins in memory, and where it begins is known. */
    boolean isLoaded(long position) {
        IndexFile file = offsetsFile;
        return (file == null || file.isLoaded(Integer.BYTES * (position - firstPosition())))
                && isLoaded(offset(position), EventRecord.HEADER_BYTES);
    }

    /** Reads {@code length} bytes, or as many as there are, into memory, unless they are there. */
    void load(int offset, int length) {
        if (!isLoaded(offset, length)) {
            loader.load(offset, Math.min(length, bytes.limit() - offset));
        }
    }

    /**
     * Returns whether {@code length} bytes, or as many as there are, are in memory. What is no place of a record counts
     * as loaded: who reads it learns that.
     */
    boolean isLoaded(int offset, int length) {
        return !isRecord(offset) || loader.isLoaded(bytes, offset, Math.min(length, bytes.limit() - offset));
    }

    private boolean isRecord(int offset) {
        return offset >= 0 && offset <= bytes.limit() - EventRecord.HEADER_BYTES;
    }

    /** Returns the version in its stream of the event with this ordinal, which is not lost. */
    long version(int ordinal) {
        return EventRecord.version(bytes, offset(ordinal));
    }

    /**
     * Returns when the event at {@code position} was recorded.
     *
     * @throws StoreException.Corrupt if its bytes are not what was written
     */
    Instant recordedAt(long position) {
        return EventRecord.recordedAt(bytes, checked(position));
    }

    /**
     * Returns the length of the record of the event with this ordinal.
     *
     * @throws StoreException.Corrupt if its bytes are not what was written
     */
    int checkedLength(int ordinal) {
        return bytes.getInt(checked(firstPosition() + ordinal));
    }

    private int checked(long position) {
        int offset = offset(position);
        try {
            EventRecord.check(bytes, offset, bytes.limit());
            if (EventRecord.position(bytes, offset) != position) {
                throw new EventRecord.InvalidException(
                        "the event here has position " + EventRecord.position(bytes, offset) + ", not " + position);
            }
        } catch (EventRecord.InvalidException e) {
            throw corrupt(offset, e.getMessage(), position);
        } catch (InternalError e) {
            throw corrupt(offset, Damage.UNREADABLE, position);
        }
        return offset;
    }

    /** Returns that the event at {@code position}, whose record begins at {@code offset}, is lost, and why. */
    StoreException corrupt(int offset, @Nullable String what, long position) {
        return new StoreException.Corrupt(path, offset, what + "; lost is position " + position);
    }

    private int[] rescanned() {
        rescanning.lock();
        try {
            if (offsets.length == 0) {
                offsets = scanned();
            }
            return offsets;
        } finally {
            rescanning.unlock();
        }
    }

    private int[] scanned() {
        int[] found = new int[count];
        SegmentScan.scan(this, new SegmentScan.Visitor() {
            @Override
            public void event(Segment segment, long position, int offset) {
                found[(int) (position - firstPosition())] = offset;
            }

            @Override
            public void lost(Segment segment, Damage damage) {
                LOGGER.log(Level.ERROR, "{0}", damage);
            }
        });
        return found;
    }

    private int[] withRoom(int length) {
        int[] before = offsets;
        if (length <= before.length) {
            return before; // most of the time: a volatile write would cost more than all the rest
        }
        int[] room = KeyLists.withRoom(before, length);
        offsets = room;
        return room;
    }
}
