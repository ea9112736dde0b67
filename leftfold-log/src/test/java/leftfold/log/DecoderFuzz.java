// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.store.Append;
import leftfold.store.Data;
import leftfold.store.Direction;
import leftfold.store.Event;
import leftfold.store.Query;
import leftfold.store.RecordedEvent;
import leftfold.store.StoreException;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;

/**
 * What reads bytes that may be anything. Each target repairs the checksums of its input first, or a fuzzer would never
 * get past them; then it must refuse the bytes in the way that is its own, or read them: with no other exception, no
 * loop and no large allocation.
 */
final class DecoderFuzz {
    private static final LogOptions OPTIONS = new LogOptions(
            8 << 10, 8 << 10, Frame.ALIGNMENT, InstantSource.fixed(Instant.EPOCH), new SplittableRandom(1));

    private DecoderFuzz() {}

    /** A refusal must say something. */
    private static void refused(RuntimeException refusal) {
        if (refusal.getMessage() == null) {
            throw new AssertionError("refused without a word", refusal);
        }
    }

    /** A decoder to be fuzzed. */
    enum Target {
        STORE_HEADER {
            @Override
            void run(byte[] input) throws IOException {
                sign(input, 60);
                SimDirectory disk = disk(StoreHeader.FILE, input);
                try {
                    StoreHeader.readFrom(disk);
                } catch (StoreException e) {
                    refused(e);
                }
            }
        },
        SEGMENT_HEADER {
            @Override
            void run(byte[] input) throws IOException {
                for (int number = 1; number <= 2; number++) {
                    SimDirectory disk = store();
                    byte[] segment = disk.bytes(Segment.file(number));
                    System.arraycopy(input, 0, segment, 0, Math.min(input.length, 88));
                    little(segment).putInt(12, number);
                    sign(segment, 88);
                    readAll(disk);
                }
            }
        },
        FRAME {
            @Override
            void run(byte[] input) {
                ByteBuffer bytes = little(input);
                for (int offset = 0; offset < input.length; offset += Frame.ALIGNMENT) {
                    signFrame(input, offset);
                    Frame frame =
                            Frame.read(bytes, offset, offset + 24 <= input.length ? bytes.getLong(offset + 16) : 0);
                    if (frame != null && (frame.end() > input.length || frame.contentEnd() > frame.end())) {
                        throw new AssertionError("a frame beyond the bytes: " + frame);
                    }
                }
            }
        },
        ATTRIBUTES {
            @Override
            void run(byte[] input) {
                try {
                    Attributes.decode(little(input), 0, input.length);
                } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                    refused(e);
                }
            }
        },
        SEGMENT {
            @Override
            void run(byte[] input) throws IOException {
                SimDirectory disk = store();
                byte[] segment = disk.bytes(Segment.file(1));
                System.arraycopy(input, 0, segment, SegmentHeader.BYTES, Math.min(input.length, 4_096));
                for (int offset = segment.length - 8; offset >= SegmentHeader.BYTES; offset -= Frame.ALIGNMENT) {
                    signRecord(segment, offset);
                    signFrame(segment, offset);
                }
                readAll(disk);
            }
        },
        INDEX {
            @Override
            void run(byte[] input) throws IOException {
                SimDirectory disk = store();
                for (String name : disk.names()) {
                    if (name.endsWith(".keys") || name.endsWith(".offsets")) {
                        byte[] bytes = disk.bytes(name);
                        mix(input, bytes);
                        signBlocks(bytes);
                        sign(bytes, 84);
                    }
                }
                readAll(disk);
            }
        };

        /** Decodes {@code input}, which it may change. */
        abstract void run(byte[] input) throws IOException;

        /** Returns bytes to begin with: some that are right. */
        byte[] example() throws IOException {
            SimDirectory disk = store();
            byte[] segment = disk.bytes(Segment.file(1));
            return switch (this) {
                case STORE_HEADER -> disk.bytes(StoreHeader.FILE).clone();
                case SEGMENT_HEADER -> java.util.Arrays.copyOf(segment, SegmentHeader.BYTES);
                case FRAME, SEGMENT -> java.util.Arrays.copyOfRange(segment, SegmentHeader.BYTES, segment.length);
                case ATTRIBUTES -> new byte[] {1, 3, 0, 0, 'a', ':', 'b', 6, 3, 0, 0, 'h', 0, 'v'};
                case INDEX -> new byte[512];
            };
        }
    }

    private static final SimDirectory FILLED = filled();

    private static SimDirectory filled() {
        SimDirectory disk = new SimDirectory();
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            for (int i = 0; i < 30; i++) {
                Event event = Event.of("Counted", Data.of(new byte[20 * i], Data.BINARY))
                        .withId(new UUID(0, i));
                store.append(new Append(
                        List.of(new StreamWrite(StreamId.of("thing", String.valueOf(i % 3)), List.of(event))),
                        List.of()));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return disk;
    }

    private static SimDirectory store() {
        return FILLED.sharing(FILLED.names());
    }

    private static void readAll(SimDirectory disk) throws IOException {
        try {
            LogVerifier.verify(disk);
        } catch (StoreException e) {
            refused(e);
        }
        try (LogEventStore store = LogEventStore.open(disk, OPTIONS)) {
            read(store.read(Query.all(), 1, Direction.FORWARDS, 100));
            for (int i = 0; i < 3; i++) {
                StreamId stream = StreamId.of("thing", String.valueOf(i));
                read(store.readStream(stream, 5, Direction.BACKWARDS, 100));
                store.find(stream, new UUID(0, i));
            }
        } catch (StoreException e) {
            refused(e);
        }
    }

    private static void read(Stream<RecordedEvent> events) {
        try (events) {
            for (Iterator<RecordedEvent> all = events.iterator(); all.hasNext(); ) {
                all.next();
            }
        } catch (StoreException.Corrupt e) {
            refused(e);
        }
    }

    private static SimDirectory disk(String name, byte[] bytes) throws IOException {
        SimDirectory disk = new SimDirectory();
        try (Directory.OpenFile file = disk.create(name, bytes.length)) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
        return disk;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Puts the checksum of what lies before {@code offset} there. */
    private static void sign(byte[] bytes, int offset) {
        if (offset + 4 <= bytes.length) {
            little(bytes).putInt(offset, Checksum.of(little(bytes), 0, offset));
        }
    }

    /** Makes the checksum right of what may be a frame. */
    private static void signFrame(byte[] bytes, int offset) {
        ByteBuffer all = little(bytes);
        if (offset + Frame.HEADER_BYTES <= bytes.length && all.getInt(offset) == Frame.MAGIC) {
            int length = all.getInt(offset + 12) == Frame.CLUSTERED ? Frame.HEADER_BYTES : all.getInt(offset + 8);
            if (length >= Frame.HEADER_BYTES && length <= bytes.length - offset) {
                all.putInt(offset + 4, Checksum.of(all, offset + 8, length - 8));
            }
        }
    }

    /** Makes the checksum right of what may be an event's record. */
    private static void signRecord(byte[] bytes, int offset) {
        ByteBuffer all = little(bytes);
        int room = bytes.length - offset;
        if (room >= EventRecord.HEADER_BYTES) {
            int length = all.getInt(offset);
            if (length >= EventRecord.HEADER_BYTES && length <= room && length % Frame.ALIGNMENT == 0) {
                all.putInt(offset + 4, Checksum.of(all, offset + 8, length - 8));
            }
        }
    }

    /** Changes as many bytes as {@code input} says: three of its bytes are a place and a value. */
    private static void mix(byte[] input, byte[] bytes) {
        for (int i = 0; i + 2 < Math.min(input.length, 48); i += 3) {
            int place = ((input[i] & 0xff) << 8) | (input[i + 1] & 0xff);
            bytes[place % bytes.length] ^= input[i + 2];
        }
    }

    /** Makes the checksums right of an index file's blocks, if its length is as it was. */
    private static void signBlocks(byte[] bytes) {
        ByteBuffer all = little(bytes);
        long length = all.getLong(56);
        int blocks = (int) ((length + 4_095) / 4_096);
        if (length >= 0 && 4_096 + length + 4L * blocks == bytes.length) {
            int end = 4_096 + (int) length;
            for (int i = 0; i < blocks; i++) {
                int start = 4_096 * (i + 1);
                all.putInt(end + 4 * i, Checksum.of(all, start, Math.min(4_096, end - start)));
            }
            all.putInt(80, Checksum.of(all, end, 4 * blocks));
        }
    }
}
