// SPDX-License-Identifier: Apache-2.0
package leftfold.jackson;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;
import org.jspecify.annotations.Nullable;

/** Events with a component of every kind that the codec's documentation names. */
sealed interface Everything {
    /** Whole and fractional numbers, text and truth. */
    @EventType("NumbersKnown")
    record Numbers(long whole, int small, double fraction, BigDecimal exact, boolean large, String text)
            implements Everything {
        /** Returns what must not be written. */
        boolean isNegative() {
            return whole < 0;
        }

        /** Returns what must not be written. */
        String getSummary() {
            return text + whole;
        }
    }

    /** Times of every kind. */
    @EventType("TimesKnown")
    record Times(Instant instant, LocalDate date, OffsetDateTime offset, ZonedDateTime zoned, Duration duration)
            implements Everything {}

    /** Things made of things. */
    @EventType("PartsKnown")
    record Parts(
            List<Price> prices,
            Map<String, Price> byName,
            Optional<String> note,
            @Nullable Colour colour,
            UUID id) implements Everything {}

    /** Components that are tags. */
    @EventType("TagsKnown")
    record Tagged(
            @EventTag("topic") List<String> topics,
            @EventTag("reader") @Nullable UUID reader,
            @EventTag("colour") Optional<Colour> colour,
            @EventTag("size") int size)
            implements Everything {}

    /** A component that grew later. */
    @EventType("GrowthKnown")
    record Growth(
            String name,
            int count,
            boolean urgent,
            @Nullable String reason,
            Set<String> labels) implements Everything {
        public Growth {
            labels = labels == null ? Set.of("none") : Set.copyOf(labels);
        }
    }

    /** A component with cases. */
    @EventType("OriginKnown")
    record Origin(Source source) implements Everything {}

    /** A sealed type that Jackson can tell apart. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Feed.class, name = "feed"),
        @JsonSubTypes.Type(value = Person.class, name = "person")
    })
    sealed interface Source {}

    /** A machine. */
    record Feed(String url) implements Source {}

    /** A human. */
    record Person(String name) implements Source {}

    /** An amount of money. */
    record Price(BigDecimal amount, String currency) {}

    /** An enum whose text is not its name. */
    enum Colour {
        RED,
        GREEN;

        @Override
        public String toString() {
            return "the colour " + name();
        }
    }
}
