// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some events of one stream, in the order of a read; the versions have gaps where some are lost. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StreamPage(long[] positions, long[] versions) {
    /** Returns events up to position {@code upTo}, from version {@code from} on; null if there is none. */
    static @Nullable StreamPage forwards(List<KeyIndex> all, Key stream, long from, long upTo, int max) {
        List<StreamPart> found = new ArrayList<>();
        List<KeyIndex> in = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            StreamPart part = all.get(i).stream(stream);
            int count = part == null ? 0 : count(all.get(i), part, upTo);
            if (part != null && count > 0) {
                if (part.version(count - 1) < from) {
                    break;
                }
                found.addFirst(part);
                in.addFirst(all.get(i));
                if (part.version(0) <= from) {
                    break;
                }
            }
        }
        long[] positions = new long[max];
        long[] versions = new long[max];
        int length = 0;
        for (int i = 0; i < found.size() && length < max; i++) {
            StreamPart part = found.get(i);
            int count = count(in.get(i), part, upTo);
            for (int j = firstAtOrAbove(part, count, from); j < count && length < max; j++) {
                versions[length] = part.version(j);
                positions[length++] = in.get(i).firstPosition() + part.get(j);
            }
        }
        return pageOf(positions, versions, length);
    }

    /** Returns events up to position {@code upTo}, from version {@code from} back; null if there is none. */
    static @Nullable StreamPage backwards(List<KeyIndex> all, Key stream, long from, long upTo, int max) {
        long[] positions = new long[max];
        long[] versions = new long[max];
        int length = 0;
        for (int i = all.size() - 1; i >= 0 && length < max; i--) {
            StreamPart part = all.get(i).stream(stream);
            int count = part == null ? 0 : count(all.get(i), part, upTo);
            if (part != null && count > 0 && part.version(0) <= from) {
                int end = from == Long.MAX_VALUE ? count : firstAtOrAbove(part, count, from + 1);
                for (int j = end - 1; j >= 0 && length < max; j--) {
                    versions[length] = part.version(j);
                    positions[length++] = all.get(i).firstPosition() + part.get(j);
                }
            }
        }
        return pageOf(positions, versions, length);
    }

    private static @Nullable StreamPage pageOf(long[] positions, long[] versions, int length) {
        return length == 0 ? null : new StreamPage(Arrays.copyOf(positions, length), Arrays.copyOf(versions, length));
    }

    private static int firstAtOrAbove(StreamPart part, int count, long version) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (part.version(middle) < version) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Returns how many events of {@code part} lie at or before {@code upTo}; all but a few of the newest do. */
    static int count(KeyIndex index, StreamPart part, long upTo) {
        int count = part.count();
        while (count > 0 && index.firstPosition() + part.get(count - 1) > upTo) {
            count--;
        }
        return count;
    }
}
