// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a scan finds in a segment. Confined to one thread. */
final class Found implements SegmentScan.Visitor {
    private final Segment segment;
    private boolean damaged;

    Found(Segment scanned) {
        segment = scanned.empty();
        SegmentScan.scan(segment, this);
    }

    @Override
    public void event(Segment in, long position, int offset) {
        in.add(offset);
    }

    @Override
    public void lost(Segment in, Damage damage) {
        damaged = true;
        if (damage.lastPosition() != Long.MAX_VALUE && damage.lastPosition() >= in.nextPosition()) {
            in.skipTo(damage.lastPosition() + 1);
        }
    }

    /** Returns the segment, with where each event begins that was found. */
    Segment segment() {
        return segment;
    }

    /** Returns whether anything in it is lost. */
    boolean isDamaged() {
        return damaged;
    }

    /** Returns whether every event that was found in the other segment is here too. */
    boolean holds(Found other) {
        for (long position = other.segment.firstPosition(); position < other.segment.nextPosition(); position++) {
            ByteBuffer record = other.record(position);
            if (record != null && !record.equals(record(position))) {
                return false;
            }
        }
        return true;
    }

    private @Nullable ByteBuffer record(long position) {
        int offset = segment.holds(position) ? segment.offset(position) : 0;
        ByteBuffer bytes = segment.bytes();
        return offset == 0 ? null : bytes.slice(offset, bytes.getInt(offset));
    }
}
