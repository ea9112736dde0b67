// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from its first byte to its last, and its index files. Keeps some 24 bytes of memory a stream. Confined to
 * one thread.
 */
final class Verification implements SegmentScan.Visitor {
    private static final int CAPACITY_FIRST = 1_024;
    private static final String DERIVED = "this file is derived from the segments; delete it while the store is closed,"
            + " and opening the store makes it anew";
    private static final String FOREIGN = "this file is of another store and not used; move it to another folder";

    private final Directory directory;
    private final UUID logId;
    private final List<Damage> damages = new ArrayList<>();
    private long events;
    private int tornBytes;
    private boolean lastIsSealed;
    private @Nullable Damage tornSeal; // where a segment should be sealed that another one follows, so far empty
    private int tornSealBytes;

    // The last event of each stream, by the hash of its name; by open addressing.
    private long[] hashes = new long[CAPACITY_FIRST];
    private long[] versions = new long[CAPACITY_FIRST]; // 0 where the slot is free
    private long[] positions = new long[CAPACITY_FIRST];
    private int streams;

    Verification(Directory directory, UUID logId) {
        this.directory = directory;
        this.logId = logId;
    }

    VerifyReport run() throws IOException {
        SegmentFiles files = SegmentFiles.open(directory, logId, damages);
        files.read(this::read);
        if (lastIsSealed) {
            files.loseNext();
        }
        if (tornSeal != null) {
            tornBytes += tornSealBytes; // no event follows: the process died as it wrote the seal
        }
        checkIndexFiles();
        return new VerifyReport(events, files.segments().size(), tornBytes, damages);
    }

    private int read(Segment segment, long next) throws IOException {
        SegmentScan.Result result = SegmentScan.scan(segment, this);
        lastIsSealed = result.sealed();
        if (next < 0) {
            tornBytes += result.tornBytes();
        } else if (!result.sealed() && next == segment.nextPosition()) {
            tornSeal = tornSeal(segment, result.end());
            tornSealBytes = result.tornBytes();
        }
        checkClosing(segment, result.end());
        checkOffsets(segment);
        return result.end();
    }

    @Override
    public void event(Segment segment, long position, int offset) {
        tellTornSeal();
        events++;
        segment.add(offset);
        ByteBuffer bytes = segment.bytes();
        byte[] stream = EventRecord.stream(bytes, offset);
        int slot = slot(Key.Hash.STANDARD.of(Key.STREAM, stream, stream.length));
        long version = EventRecord.version(bytes, offset);
        boolean follows =
                version == versions[slot] + 1 && EventRecord.previousPosition(bytes, offset) == positions[slot];
        if (!follows && damages.isEmpty()) {
            damages.add(new Damage(
                    segment.path(),
                    offset,
                    "version " + version + " of "
                            + Attributes.text(bytes, offset + EventRecord.HEADER_BYTES, stream.length)
                            + " follows version " + versions[slot],
                    position,
                    position - 1));
        }
        versions[slot] = version;
        positions[slot] = position;
    }

    @Override
    public void lost(Segment segment, Damage damage) {
        tellTornSeal();
        damages.add(damage);
        if (damage.lastPosition() != Long.MAX_VALUE && damage.lastPosition() >= segment.nextPosition()) {
            segment.skipTo(damage.lastPosition() + 1);
        }
    }

    private static Damage tornSeal(Segment segment, int offset) {
        String what = "the seal, which ends the segment, is not whole; delete "
                + Segment.offsetsFile(segment.header().number())
                + " while the store is closed, and opening the store seals the segment anew";
        return new Damage(segment.path(), offset, what, segment.nextPosition(), segment.nextPosition() - 1);
    }

    /** Events follow in the next segment, so the seal was durable once. */
    private void tellTornSeal() {
        Damage damage = tornSeal;
        if (damage != null) {
            damages.add(damage);
            tornSeal = null;
        }
    }

    /** Checks what follows the events of a segment against the last one of them. */
    private void checkClosing(Segment segment, int end) throws IOException {
        if (damages.isEmpty() && segment.closing() != 0 && segment.closing() != segment.lastChecksum()) {
            String what = "the seal is of other events than those before it; restore a backup";
            damages.add(new Damage(segment.path(), end, what, segment.nextPosition(), segment.nextPosition() - 1));
        }
    }

    private void checkOffsets(Segment segment) throws IOException {
        String name = Segment.offsetsFile(segment.header().number());
        Segment indexed = segment.empty();
        if (!directory.list().contains(name) || !damages.isEmpty()) {
            return;
        }
        IndexFile file = indexed.useOffsetsFile(directory, segment.nextPosition()) ? indexed.offsetsFile() : null;
        if (file == null) {
            add(name, 0, DERIVED);
            return;
        }
        try {
            for (int i = 0; i < segment.count(); i++) {
                if (file.getInt(Integer.BYTES * i) != segment.offset(i)) {
                    throw new IndexFile.DamagedException(file, Integer.BYTES * (long) i);
                }
            }
        } catch (IndexFile.DamagedException e) {
            add(name, e.fileOffset(), DERIVED);
        }
    }

    private void checkIndexFiles() throws IOException {
        for (String name : directory.list()) {
            if (KeyTable.isName(name)) {
                checkIndexFile(name);
            }
        }
    }

    private void checkIndexFile(String name) throws IOException {
        KeyTable table = KeyTable.open(directory, name, logId);
        if (table == null) {
            add(name, 0, IndexFile.isForeign(directory, name, logId) ? FOREIGN : DERIVED);
            return;
        }
        try {
            table.file().checkAll();
        } catch (IndexFile.DamagedException e) {
            add(name, e.fileOffset(), DERIVED);
        }
    }

    /** Adds a damage to which no event is lost. */
    private void add(String name, long offset, String what) {
        damages.add(new Damage(directory.name() + "/" + name, offset, what, 1, 0));
    }

    /** Returns the slot of the stream with this hash. Two streams of one hash would be told as damage, wrongly. */
    private int slot(long hash) {
        if (2 * streams >= hashes.length) {
            grow();
        }
        int slot = free(hash);
        if (versions[slot] == 0) {
            hashes[slot] = hash;
            streams++;
        }
        return slot;
    }

    private int free(long hash) {
        int mask = hashes.length - 1;
        int slot = (int) hash & mask;
        while (versions[slot] != 0 && hashes[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHashes = hashes;
        long[] oldVersions = versions;
        long[] oldPositions = positions;
        int capacity = 2 * oldHashes.length;
        hashes = new long[capacity];
        versions = new long[capacity];
        positions = new long[capacity];
        for (int old = 0; old < oldHashes.length; old++) {
            if (oldVersions[old] != 0) {
                int slot = free(oldHashes[old]);
                hashes[slot] = oldHashes[old];
                versions[slot] = oldVersions[old];
                positions[slot] = oldPositions[old];
            }
        }
    }
}
