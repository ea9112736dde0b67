// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The index files of a folder that can be used: each made from segments that are there, none overlapping another.
 * Immutable.
 */
final class TableCover {
    private static final System.Logger LOGGER = System.getLogger(TableCover.class.getName());

    private final UUID logId;
    private final List<KeyTable> tables = new ArrayList<>();

    private TableCover(UUID logId) {
        this.logId = logId;
    }

    /** Finds the files to use for {@code segments}. */
    static TableCover find(Directory directory, UUID logId, List<Segment> segments, Key.Hash hash) throws IOException {
        List<KeyTable> candidates = new ArrayList<>();
        for (String name : directory.list()) {
            KeyTable table = KeyTable.isName(name) ? KeyTable.open(directory, name, logId) : null;
            if (table != null && table.name().equals(name)) {
                candidates.add(table);
            }
        }
        TableCover cover = new TableCover(logId);
        long covered = 1;
        for (Segment segment : segments) {
            if (segment.firstPosition() >= covered) {
                KeyTable best = best(candidates, segment.firstPosition(), segments, hash);
                if (best != null) {
                    cover.tables.add(best);
                    covered = best.nextPosition();
                }
            }
        }
        return cover;
    }

    /** Returns the file whose first position is {@code first}; null if there is none. */
    @Nullable KeyTable at(long first) {
        for (KeyTable table : tables) {
            if (table.firstPosition() == first) {
                return table;
            }
        }
        return null;
    }

    /** Returns whether a file tells of {@code position}. */
    boolean covers(long position) {
        return tables.stream().anyMatch(table -> table.firstPosition() <= position && position < table.nextPosition());
    }

    /** Deletes what is not used: files of another time, or merged or compacted since, or half written. */
    void deleteUnused(Directory directory, LogIndex index) {
        List<String> names = Stream.concat(
                        index.parts().stream()
                                .filter(KeyTable.class::isInstance)
                                .map(part -> ((KeyTable) part).name()),
                        index.segments().stream()
                                .map(segment ->
                                        Segment.offsetsFile(segment.header().number())))
                .toList();
        try {
            for (String name : directory.list()) {
                boolean unused = (KeyTable.isName(name) || Segment.isOffsetsFile(name)) && !names.contains(name);
                if (unused && IndexFile.isForeign(directory, name, logId)) {
                    LOGGER.log(
                            Level.WARNING, "{0}/{1} belongs to another store; it is not used", directory.name(), name);
                } else if (unused || isHalfWritten(name) || name.equals(Compactor.NAME)) {
                    directory.delete(name);
                }
            }
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING, "files without use are left: folder={0} cause={1}", directory.name(), e.toString());
        }
    }

    private static boolean isHalfWritten(String name) {
        return name.endsWith(".keys" + IndexFile.Writer.SUFFIX) || name.endsWith(".offsets" + IndexFile.Writer.SUFFIX);
    }

    private static @Nullable KeyTable best(
            List<KeyTable> candidates, long first, List<Segment> segments, Key.Hash hash) {
        KeyTable best = null;
        for (KeyTable table : candidates) {
            boolean longer = best == null || table.nextPosition() > best.nextPosition();
            if (table.firstPosition() == first && longer && fits(table, segments, hash)) {
                best = table;
            }
        }
        return best;
    }

    /** Returns whether the table ends where a segment begins, and was made from just the segments before that. */
    private static boolean fits(KeyTable table, List<Segment> segments, Key.Hash hash) {
        boolean endsWithSegment =
                segments.stream().anyMatch(segment -> segment.firstPosition() == table.nextPosition());
        return endsWithSegment
                && table.lineage() == Indexer.lineage(segments, table.firstPosition(), table.nextPosition(), hash);
    }
}
