// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import leftfold.store.StoreException;
import org.jspecify.annotations.Nullable;

/** The segments of a folder, in order, and what is missing among them. Confined to one thread. */
final class SegmentFiles {
    /** Reads a segment. */
    interface Reader {
        /**
         * Reads {@code segment}, so that its events are counted.
         *
         * @param next the first position of the segment that follows; -1 if none does
         * @return where its last frame ends, for messages
         */
        int read(Segment segment, long next) throws IOException;
    }

    private final Directory directory;
    private final List<Damage> damages;
    private final NavigableMap<Integer, Segment> byNumber = new TreeMap<>();
    private final Map<Integer, String> invalid = new HashMap<>();
    private final List<String> replaced = new ArrayList<>();
    private int last;
    private @Nullable Segment before;
    private int endBefore;

    private SegmentFiles(Directory directory, List<Damage> damages) {
        this.directory = directory;
        this.damages = damages;
    }

    /**
     * Opens the segments of the log with {@code logId}, and looks at their headers. What {@link #read} finds missing is
     * added to {@code damages}.
     */
    static SegmentFiles open(Directory directory, UUID logId, List<Damage> damages) throws IOException {
        SegmentFiles files = new SegmentFiles(directory, damages);
        for (String name : directory.list()) {
            int number = Segment.number(name);
            if (number > 0) {
                files.last = Math.max(files.last, number);
                files.open(name, number, logId);
            }
        }
        files.dropReplaced();
        files.checkOrder();
        return files;
    }

    /** Returns the segments whose headers are valid. */
    List<Segment> segments() {
        return List.copyOf(byNumber.values());
    }

    /** Has {@code reader} read every segment, and notes what is lost between them. */
    void read(Reader reader) throws IOException {
        if (last == 0) {
            lose(Segment.file(1), "the file is missing");
        }
        for (int number = 1; number <= last; number++) {
            Segment segment = byNumber.get(number);
            if (segment != null) {
                read(segment, reader);
                number = segment.header().lastNumber();
            } else {
                lose(Segment.file(number), invalid.getOrDefault(number, "the file is missing"));
            }
        }
    }

    /** Notes that everything behind the last segment is lost, because that says that another one follows. */
    void loseNext() {
        lose(Segment.file(last + 1), "the file is missing");
    }

    /** Returns the names of files that a compacted segment has taken the place of. */
    List<String> replaced() {
        return replaced;
    }

    /** Leaves out segments that a compacted one took the place of before a crash kept them from being deleted. */
    private void dropReplaced() {
        for (Segment segment : segments()) {
            int number = segment.header().number();
            int lastNumber = segment.header().lastNumber();
            if (byNumber.containsKey(number)) {
                Map<Integer, Segment> within = byNumber.subMap(number, false, lastNumber, true);
                if (!within.isEmpty()) {
                    dropReplaced(segment, within.values());
                    within.clear();
                }
            }
            last = Math.max(last, lastNumber);
        }
    }

    /** A segment of another copy of the log may have the number of one that was replaced, and other events. */
    private void dropReplaced(Segment compacted, Collection<Segment> others) {
        List<String> foreign = new ArrayList<>();
        Found all = new Found(compacted);
        if (all.isDamaged()) {
            return; // what was replaced may be needed to repair it
        }
        for (Segment other : others) {
            String name = Segment.file(other.header().number());
            (all.holds(new Found(other)) ? replaced : foreign).add(name);
        }
        if (!foreign.isEmpty()) {
            throw new StoreException.CannotOpen(
                    directory.name() + ": events of " + String.join(", ", foreign) + " are not in "
                            + Segment.file(compacted.header().number())
                            + ", which took their place: they are of different copies of this log;"
                            + " put each copy into a folder of its own",
                    null);
        }
    }

    private void open(String name, int number, UUID logId) throws IOException {
        ByteBuffer bytes = directory.view(name).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer head = head(bytes);
        int version = SegmentHeader.formatVersion(head);
        if (version > StoreHeader.FORMAT_VERSION) {
            throw new StoreException.CannotOpen(
                    directory.name() + "/" + name + " has format " + version + ", newer than this program's "
                            + StoreHeader.FORMAT_VERSION + "; upgrade Leftfold",
                    null);
        }
        SegmentHeader header = SegmentHeader.decode(head);
        if (header == null) {
            invalid.put(number, "the segment's header is not valid");
            return;
        }
        if (!header.logId().equals(logId)) {
            throw new StoreException.CannotOpen(
                    directory.name() + "/" + name + " belongs to another store (" + header.logId() + ", not " + logId
                            + "); put the files of each store into a folder of their own",
                    null);
        }
        if (header.number() != number) {
            invalid.put(number, "this is segment " + header.number() + ", and belongs under that name");
            return;
        }
        byNumber.put(number, new Segment(directory.name() + "/" + name, header, bytes, directory.loader(name)));
    }

    /** Returns a copy of where the header is; empty if the disk cannot give the bytes. */
    static ByteBuffer head(ByteBuffer bytes) {
        byte[] head = new byte[Math.min(bytes.limit(), SegmentHeader.BYTES)];
        try {
            bytes.get(0, head);
        } catch (InternalError e) {
            return ByteBuffer.allocate(0);
        }
        return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void read(Segment segment, Reader reader) throws IOException {
        foundFrom(segment.firstPosition());
        Segment next = byNumber.get(segment.header().lastNumber() + 1);
        endBefore = reader.read(segment, next == null ? -1 : next.firstPosition());
        before = segment;
        int length = segment.bytes().limit();
        if (length < segment.header().size()) {
            damages.add(new Damage(
                    segment.path(),
                    0,
                    "the file ends here, not at byte " + segment.header().size(),
                    segment.nextPosition(),
                    Long.MAX_VALUE));
        }
    }

    /** Notes that positions between segments are lost, and how far the loss before this segment reaches. */
    private void foundFrom(long found) {
        for (int i = 0; i < damages.size(); i++) {
            Damage damage = damages.get(i);
            if (damage.lastPosition() == Long.MAX_VALUE) {
                damages.set(
                        i,
                        new Damage(damage.file(), damage.offset(), damage.what(), damage.firstPosition(), found - 1));
            }
        }
        boolean explained = damages.stream().anyMatch(damage -> damage.lastPosition() >= found - 1);
        Segment last = before;
        if (last != null && found != last.nextPosition() && !explained) {
            damages.add(new Damage(
                    last.path(),
                    endBefore,
                    "events before the next segment are missing",
                    last.nextPosition(),
                    found - 1));
        }
    }

    /** Refuses segments of different copies of one log, such as those of a backup that was put beside newer ones. */
    private void checkOrder() throws IOException {
        Segment last = null;
        Frame lastSeal = null;
        for (Segment segment : byNumber.values()) {
            SegmentHeader.Previous previous = segment.header().previous();
            if (last != null
                    && last.header().lastNumber() + 1 == segment.header().number()) {
                boolean follows = last.header().lastEpoch() == previous.epoch()
                        && (lastSeal == null
                                ? mayEndBefore(segment, last)
                                : lastSeal.firstPosition() == segment.firstPosition()
                                        && lastSeal.closing() == previous.checksum());
                if (!follows) {
                    throw new StoreException.CannotOpen(
                            segment.path() + " does not follow "
                                    + Segment.file(last.header().number())
                                    + ": they are of different copies of this log;"
                                    + " put each copy into a folder of its own",
                            null);
                }
                last.close(previous.checksum());
            }
            lastSeal = seal(segment);
            segment.close(lastSeal == null ? 0 : lastSeal.closing());
            last = segment;
        }
    }

    /**
     * Returns whether {@code unsealed} can be what was there when {@code next} was made: it has none of the events of
     * that, and its last one is the one named there. If some are damaged, who reads them tells.
     */
    private static boolean mayEndBefore(Segment next, Segment unsealed) throws IOException {
        Found found = new Found(unsealed);
        if (found.isDamaged() || found.segment().nextPosition() < next.firstPosition()) {
            return true;
        }
        int checksum = next.header().previous().checksum();
        return found.segment().nextPosition() == next.firstPosition()
                && (checksum == 0 || checksum == found.segment().lastChecksum());
    }

    private static @Nullable Frame seal(Segment segment) {
        try {
            return Frame.lastSeal(segment.bytes(), segment.header().epoch());
        } catch (InternalError e) {
            return null; // who reads the segment learns that
        }
    }

    private void lose(String name, String what) {
        long first = before == null ? 1 : before.nextPosition();
        damages.add(new Damage(directory.name() + "/" + name, 0, what, first, Long.MAX_VALUE));
    }
}
