// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static leftfold.testkit.SampleEvents.ORDER_1;
import static leftfold.testkit.SampleEvents.event;
import static leftfold.testkit.SampleEvents.events;
import static leftfold.testkit.SampleEvents.facts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.Limits;
import leftfold.store.Metadata;
import leftfold.store.Query;
import leftfold.store.StreamId;
import leftfold.store.StreamVersion;
import leftfold.store.Tag;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The part of the contract about names: of streams and categories, types, tags and headers. */
interface NameContract extends StoreContract {
    /** Names that differ from each other, each in a way that a storage may blur. */
    List<String> NAMES = List.of(
            "order",
            "Order",
            "ORDER",
            "order ",
            " order",
            "ord er",
            "caf\u00e9",
            "cafe\u0301",
            "stra\u00dfe",
            "strasse",
            "\u0130stanbul",
            "istanbul",
            "\ud83d\ude80",
            "\ud83d\udc69\u200d\ud83d\ude80",
            "\u05e9\u05dc\u05d5\u05dd",
            "\u0645\u0631\u062d\u0628\u0627",
            "\u202egnirts",
            "\u65e5\u672c\u8a9e",
            "\ufffd",
            "\uffff",
            "\ufeffbom",
            "bom",
            "\ud800\udc00",
            "\udbff\udfff",
            "line\nbreak",
            "line\r\nbreak",
            "tab\tstop",
            "\u0001",
            "\u007f",
            "\u0085",
            "'; DROP TABLE events; --",
            "100%_\\",
            "\"quoted\"",
            "a/b/../c",
            "..",
            ":",
            "~");

    /** Returns a name of exactly this many bytes in UTF-8, of characters of several lengths. */
    private static String ofBytes(int bytes) {
        String name = "\ud83d\ude80\u65e5\u00e9".repeat(bytes / 9);
        return name + "x".repeat(bytes - bytes / 9 * 9);
    }

    @Test
    default void streams_with_different_names_are_different() {
        for (int i = 0; i < NAMES.size(); i++) {
            append(StreamId.of(NAMES.get(i)), events(1 + i % 3));
        }

        for (int i = 0; i < NAMES.size(); i++) {
            StreamId stream = StreamId.of(NAMES.get(i));
            assertThat(store().streamVersion(stream)).isEqualTo(1 + i % 3);
            assertThat(readStream(stream))
                    .hasSize(1 + i % 3)
                    .allMatch(event -> event.stream().equals(stream));
            assertThat(read(Query.stream(stream))).isEqualTo(readStream(stream));
            assertThat(read(Query.category(stream.category()))).containsAll(readStream(stream));
        }
        try (var streams = store().streams()) {
            assertThat(streams.map(StreamVersion::stream).map(StreamId::value)).isEqualTo(NAMES);
        }
    }

    @Test
    default void categories_with_different_names_are_different() {
        for (String name : NAMES) {
            append(StreamId.of(name + "-1"), events(1));
        }

        for (String name : NAMES) {
            StreamId stream = StreamId.of(name + "-1");
            assertThat(read(Query.category(stream.category())))
                    .as("category %s", stream.category())
                    .isNotEmpty()
                    .allMatch(event -> event.stream().category().equals(stream.category()))
                    .containsAll(readStream(stream));
        }
        assertThat(read(Query.category("order"))).hasSize(1);
    }

    @Test
    default void types_with_different_names_are_different() {
        List<Event> events = NAMES.stream().map(SampleEvents::event).toList();
        append(ORDER_1, events);

        assertThat(facts(log())).isEqualTo(events);
        for (int i = 0; i < NAMES.size(); i++) {
            assertThat(facts(read(Query.types(NAMES.get(i))))).containsExactly(events.get(i));
        }
    }

    @Test
    default void tags_with_different_names_are_different() {
        List<Event> events = new ArrayList<>();
        for (String name : NAMES) {
            events.add(event("Tagged", Tag.of("key", name)));
            events.add(event("Tagged", Tag.of(name.replace(':', ';'), "value")));
        }
        append(ORDER_1, events);

        assertThat(facts(log())).isEqualTo(events);
        for (Event event : events) {
            Tag tag = event.tags().iterator().next();
            assertThat(facts(read(Query.tags(tag)))).containsExactly(event);
        }
    }

    @Test
    default void a_tags_value_may_be_empty_or_have_colons() {
        Event empty = event("Tagged", Tag.of("key", ""));
        Event colons = event("Tagged", Tag.of("key", "a:b::c"));
        append(ORDER_1, empty, colons, event("Tagged", Tag.of("key", "a")));

        assertThat(facts(read(Query.tags(Tag.parse("key:"))))).containsExactly(empty);
        assertThat(facts(read(Query.tags(Tag.parse("key:a:b::c"))))).containsExactly(colons);
    }

    @Test
    default void headers_may_have_any_name_and_any_value() {
        Metadata metadata = Metadata.none().withHeader("empty", "");
        for (String name : NAMES) {
            metadata = metadata.withHeader(name, "value of " + name).withHeader("of " + name, name);
        }
        append(ORDER_1, event("Headed").withMetadata(metadata));

        assertThat(log()).hasSize(1);
        Metadata kept = log().getFirst().metadata();
        assertThat(kept).isEqualTo(metadata);
        assertThat(kept.headers().keySet())
                .containsExactlyElementsOf(metadata.headers().keySet());
    }

    @Test
    default void the_longest_names_are_kept_and_longer_ones_refused() {
        StreamId stream = StreamId.of(ofBytes(Limits.STREAM_BYTES_MAX));
        StreamId sibling = StreamId.of(ofBytes(Limits.STREAM_BYTES_MAX - 1) + "y");
        Tag tag = Tag.of("key", ofBytes(Limits.TAG_BYTES_MAX - 4));
        Event event = new Event(
                events(1).getFirst().id(),
                ofBytes(Limits.TYPE_BYTES_MAX),
                1,
                Data.of(new byte[1], ofBytes(Limits.CONTENT_TYPE_BYTES_MAX)),
                Metadata.none().withActor(ofBytes(Limits.METADATA_BYTES_MAX)),
                Set.of(tag));
        append(stream, event);
        append(sibling, events(1));

        assertThat(facts(readStream(stream))).containsExactly(event);
        assertThat(facts(read(Query.types(event.type())))).containsExactly(event);
        assertThat(facts(read(Query.tags(tag)))).containsExactly(event);
        assertThat(read(Query.stream(sibling))).hasSize(1);
        assertRefused(
                () -> StreamId.of(ofBytes(Limits.STREAM_BYTES_MAX + 1)),
                () -> event(ofBytes(Limits.TYPE_BYTES_MAX + 1)),
                () -> Tag.of("key", ofBytes(Limits.TAG_BYTES_MAX - 3)),
                () -> Data.of(new byte[1], ofBytes(Limits.CONTENT_TYPE_BYTES_MAX + 1)),
                () -> Metadata.none().withActor(ofBytes(Limits.METADATA_BYTES_MAX + 1)));
    }

    @Test
    default void empty_names_are_refused() {
        append(ORDER_1, events(1));

        assertRefused(
                () -> StreamId.of(""),
                () -> event(""),
                () -> Tag.of("", "value"),
                () -> Metadata.none().withHeader("", "value"),
                () -> Data.of(new byte[0], ""));
        assertThat(log()).hasSize(1);
    }

    @Test
    default void nul_and_unpaired_surrogates_are_refused() {
        append(ORDER_1, events(1));

        for (String bad : List.of("\0", "a\0b", "\ud800", "a\ud800b", "\udc00", "\udc00\ud800", "x\udbff")) {
            assertRefused(
                    () -> StreamId.of(bad),
                    () -> event(bad),
                    () -> Tag.of(bad, "value"),
                    () -> Tag.of("key", bad),
                    () -> Metadata.none().withCausationId(bad),
                    () -> Metadata.none().withCorrelationId(bad),
                    () -> Metadata.none().withActor(bad),
                    () -> Metadata.none().withProducer(bad),
                    () -> Metadata.none().withHeader(bad, "value"),
                    () -> Metadata.none().withHeader("name", bad),
                    () -> Data.of(new byte[0], bad));
        }
        assertThat(log()).hasSize(1);
    }

    private static void assertRefused(ThrowingCallable... makings) {
        for (ThrowingCallable making : makings) {
            assertThatIllegalArgumentException()
                    .isThrownBy(making)
                    .withMessageNotContaining("\n")
                    .withMessageNotContaining("\0");
        }
    }
}
