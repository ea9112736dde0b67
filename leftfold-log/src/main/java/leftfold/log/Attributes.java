// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import leftfold.store.Event;
import leftfold.store.Metadata;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Tags and metadata of an event in its record: entries, one after the other, in the order in which they were given.
 * Little-endian. A reader skips kinds that it does not know.
 *
 * <pre>
 * offset  size  field
 *      0     1  kind: 1 tag, 2 causation id, 3 correlation id, 4 actor, 5 producer, 6 header
 *      1     3  n, length of the text
 *      4     n  text in UTF-8; of a tag key:value, of a header name, NUL, value
 * </pre>
 */
record Attributes(Metadata metadata, Set<Tag> tags) {
    private static final int TAG = 1;
    private static final int CAUSATION_ID = 2;
    private static final int CORRELATION_ID = 3;
    private static final int ACTOR = 4;
    private static final int PRODUCER = 5;
    private static final int HEADER = 6;
    private static final byte[] EMPTY = new byte[0];

    static byte[] encode(Event event) {
        Metadata metadata = event.metadata();
        if (event.tags().isEmpty() && metadata.equals(Metadata.none())) {
            return EMPTY;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Tag tag : event.tags()) {
            add(out, TAG, tag.toString());
        }
        add(out, CAUSATION_ID, metadata.causationId());
        add(out, CORRELATION_ID, metadata.correlationId());
        add(out, ACTOR, metadata.actor());
        add(out, PRODUCER, metadata.producer());
        metadata.headers().forEach((name, value) -> add(out, HEADER, name + '\0' + value));
        return out.toByteArray();
    }

    /**
     * Returns the attributes in {@code length} bytes from {@code offset}.
     *
     * @throws IllegalArgumentException if they are not valid
     */
    static Attributes decode(ByteBuffer bytes, int offset, int length) {
        Metadata metadata = Metadata.none();
        Map<String, String> headers = new LinkedHashMap<>();
        Set<Tag> tags = new LinkedHashSet<>();
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (end - at < 4) {
                throw new IllegalArgumentException("an attribute has no room for its length");
            }
            int head = bytes.getInt(at);
            int textLength = head >>> 8;
            if (textLength > end - at - 4) {
                throw new IllegalArgumentException("an attribute is longer than its record");
            }
            String text = text(bytes, at + 4, textLength);
            at += 4 + textLength;
            switch (head & 0xff) {
                case TAG -> tags.add(Tag.parse(text));
                case CAUSATION_ID -> metadata = metadata.withCausationId(text);
                case CORRELATION_ID -> metadata = metadata.withCorrelationId(text);
                case ACTOR -> metadata = metadata.withActor(text);
                case PRODUCER -> metadata = metadata.withProducer(text);
                case HEADER -> addHeader(headers, text);
                default -> {}
            }
        }
        if (!headers.isEmpty()) {
            metadata = new Metadata(
                    metadata.causationId(), metadata.correlationId(), metadata.actor(), metadata.producer(), headers);
        }
        return new Attributes(metadata, tags);
    }

    /** Learns where the text of a tag stands. */
    interface TextVisitor {
        void text(int offset, int length);
    }

    /** Shows {@code visitor} each tag of the attributes in {@code length} bytes from {@code offset}. */
    static void forEachTag(ByteBuffer bytes, int offset, int length, TextVisitor visitor) {
        int end = offset + length;
        for (int at = offset; end - at >= 4; ) {
            int head = bytes.getInt(at);
            int textLength = head >>> 8;
            if (textLength > end - at - 4) {
                return;
            }
            if ((head & 0xff) == TAG) {
                visitor.text(at + 4, textLength);
            }
            at += 4 + textLength;
        }
    }

    /** Returns {@code length} bytes from {@code offset} as text. */
    static String text(ByteBuffer bytes, int offset, int length) {
        byte[] text = new byte[length];
        bytes.get(offset, text);
        return new String(text, UTF_8);
    }

    private static void addHeader(Map<String, String> headers, String text) {
        int nameEnd = text.indexOf('\0');
        if (nameEnd < 0) {
            throw new IllegalArgumentException("a header has no name");
        }
        headers.put(text.substring(0, nameEnd), text.substring(nameEnd + 1));
    }

    private static void add(ByteArrayOutputStream out, int kind, @Nullable String text) {
        if (text == null) {
            return;
        }
        byte[] bytes = FrameBuffer.utf8(text);
        out.write(kind);
        out.write(bytes.length);
        out.write(bytes.length >>> 8);
        out.write(bytes.length >>> 16);
        out.writeBytes(bytes);
    }
}
