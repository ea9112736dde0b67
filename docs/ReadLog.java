// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Reads a store as file-format.md describes it, without any of Leftfold's code, and prints an event a line:
 * position, stream, version, id, microseconds, type, schema version, flags, content type, attributes and data, with
 * tabs between; of attributes the kinds and texts, with blanks between; data in hexadecimal.
 *
 * <p>Run it with {@code java docs/ReadLog.java FOLDER}. It ends with 1 and a line on stderr where the log is damaged.
 */
final class ReadLog {
    private final Path folder;
    private UUID logId = new UUID(0, 0);
    private long position = 1;
    private long lastEpoch;
    private int closing; // the checksum that the seal before says the last event has
    private int lastChecksum;

    private ReadLog(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException {
        try {
            new ReadLog(Path.of(args[0])).read();
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void read() throws IOException {
        ByteBuffer store = file("store");
        checkHeader("store", store, "LEFTFOLD", 60);
        logId = uuid(store, 16);
        int number = 1;
        while (number > 0) {
            number = readSegment("segment-%06d.log".formatted(number));
        }
    }

    /** Prints a segment's events, and returns the number of the one that follows; 0 if none does. */
    private int readSegment(String name) throws IOException {
        ByteBuffer bytes = file(name);
        checkHeader(name, bytes, "LFSEGMNT", 88);
        check(uuid(bytes, 16).equals(logId), name + " belongs to another log");
        check(bytes.getLong(40) == position, name + " does not begin with position " + position);
        check(bytes.getLong(48) <= bytes.limit(), name + " is shorter than it was made");
        boolean follows = bytes.getLong(80) == lastEpoch && bytes.getInt(60) == closing;
        check(follows, name + " is of another copy of the log than the segment before");
        lastEpoch = bytes.getLong(72);
        lastChecksum = 0;
        long epoch = bytes.getLong(32);
        int offset = 4_096;
        while (isFrame(bytes, offset, epoch)) {
            if (bytes.getInt(offset + 12) == 2) {
                closing = bytes.getInt(offset + 40);
                check(closing == 0 || closing == lastChecksum, name + ": another copy's seal at byte " + offset);
                check(bytes.getLong(offset + 24) == position, name + " ends before its seal at byte " + offset);
                return bytes.getInt(56) + 1;
            }
            boolean known = bytes.getInt(offset + 12) == 1 || bytes.getInt(offset + 12) == 3;
            check(known, name + ": a frame of an unknown kind at byte " + offset);
            check(bytes.getLong(offset + 24) == position, name + ": not the next position at byte " + offset);
            int[] records = records(bytes, offset + 48, bytes.getInt(offset + 32));
            for (int record : records) {
                printEvent(bytes, record);
            }
            offset += bytes.getInt(offset + 8);
        }
        for (int later = offset + 8; later <= bytes.limit() - 48; later += 8) {
            check(!isFrame(bytes, later, epoch), name + " is damaged at byte " + offset);
        }
        checkNothingFollows(name, bytes.getInt(56));
        return 0;
    }

    /** Only the last segment has no seal; one that was made behind it before a crash has no frame. */
    private void checkNothingFollows(String name, int lastNumber) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString()).sorted().toList();
        }
        for (String other : names) {
            if (other.matches("segment-\\d{6}\\.log") && Integer.parseInt(other.substring(8, 14)) > lastNumber) {
                ByteBuffer bytes = file(other);
                checkHeader(other, bytes, "LFSEGMNT", 88);
                for (int offset = 4_096; offset <= bytes.limit() - 48; offset += 8) {
                    check(!isFrame(bytes, offset, bytes.getLong(32)), name + " has no seal, but " + other + " follows");
                }
            }
        }
    }

    private static boolean isFrame(ByteBuffer bytes, int offset, long epoch) {
        int room = bytes.limit() - offset;
        if (room < 48 || bytes.getInt(offset) != 0x4d52464c || bytes.getLong(offset + 16) != epoch) {
            return false;
        }
        int length = bytes.getInt(offset + 8);
        int checked = bytes.getInt(offset + 12) == 3 ? 48 : length;
        return length >= 48 && length <= room && length % 8 == 0
                && bytes.getInt(offset + 4) == crc(bytes, offset + 8, checked - 8);
    }

    /** Returns where the records of a frame begin, in the order of their positions. */
    private int[] records(ByteBuffer bytes, int first, int count) {
        int[] records = new int[count];
        int at = first;
        for (int i = 0; i < count; i++) {
            int length = bytes.getInt(at);
            check(length >= 80 && length <= bytes.limit() - at, "no event record at byte " + at);
            check(bytes.getInt(at + 4) == crc(bytes, at + 8, length - 8), "wrong checksum at byte " + at);
            long ordinal = bytes.getLong(at + 8) - position;
            check(ordinal >= 0 && ordinal < count, "an event of another place at byte " + at);
            records[(int) ordinal] = at;
            at += length;
        }
        return records;
    }

    private void printEvent(ByteBuffer bytes, int at) {
        check(at > 0, "event " + position + " is missing");
        lastChecksum = bytes.getInt(at + 4);
        int stream = Short.toUnsignedInt(bytes.getShort(at + 62));
        int type = Short.toUnsignedInt(bytes.getShort(at + 64));
        int contentType = Short.toUnsignedInt(bytes.getShort(at + 66));
        int attributes = at + 80 + stream + type + contentType;
        int data = attributes + bytes.getInt(at + 68);
        System.out.println(String.join(
                "\t",
                Long.toString(position++),
                text(bytes, at + 80, stream),
                Long.toString(bytes.getLong(at + 16)),
                uuid(bytes, at + 32).toString(),
                Long.toString(bytes.getLong(at + 48)),
                text(bytes, at + 80 + stream, type),
                Integer.toString(bytes.getInt(at + 56)),
                Integer.toString(bytes.getShort(at + 60)),
                contentType == 0 ? "application/json" : text(bytes, attributes - contentType, contentType),
                attributes(bytes, attributes, data),
                HexFormat.of().formatHex(bytes.array(), data, data + bytes.getInt(at + 72))));
    }

    /** Returns the kind and the text of each attribute; the zero byte behind a header's name becomes an equals sign. */
    private static String attributes(ByteBuffer bytes, int from, int to) {
        List<String> texts = new ArrayList<>();
        for (int at = from; at < to; ) {
            int length = bytes.getInt(at) >>> 8;
            texts.add(bytes.get(at) + "=" + text(bytes, at + 4, length).replace('\0', '='));
            at += 4 + length;
        }
        return String.join(" ", texts);
    }

    private ByteBuffer file(String name) throws IOException {
        Path file = folder.resolve(name);
        check(Files.exists(file), name + " is missing");
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void checkHeader(String name, ByteBuffer bytes, String magic, int checked) {
        check(bytes.limit() >= checked + 4, name + " ends in its header");
        check(text(bytes, 0, 8).equals(magic), name + " has no magic " + magic);
        check(bytes.getInt(8) == 1, name + " has another format version");
        check(bytes.getInt(checked) == crc(bytes, 0, checked), name + " has a damaged header");
    }

    private static UUID uuid(ByteBuffer bytes, int offset) {
        return new UUID(bytes.getLong(offset), bytes.getLong(offset + 8));
    }

    private static String text(ByteBuffer bytes, int offset, int length) {
        return new String(bytes.array(), offset, length, StandardCharsets.UTF_8);
    }

    private static int crc(ByteBuffer bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), offset, length);
        return (int) crc.getValue();
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
