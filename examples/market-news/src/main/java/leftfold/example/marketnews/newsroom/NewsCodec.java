// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.newsroom;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import leftfold.example.marketnews.NewsEvent;
import leftfold.example.marketnews.article.Article;
import leftfold.example.marketnews.article.ArticleEvent;
import leftfold.example.marketnews.instrument.Instrument;
import leftfold.example.marketnews.instrument.InstrumentEvent;
import leftfold.example.marketnews.interactions.Interactions;
import leftfold.example.marketnews.interactions.InteractionsEvent;
import leftfold.example.marketnews.preferences.Preferences;
import leftfold.example.marketnews.preferences.PreferencesEvent;
import leftfold.example.marketnews.profile.Profile;
import leftfold.example.marketnews.profile.ProfileEvent;
import leftfold.example.marketnews.subscriptions.Subscriptions;
import leftfold.example.marketnews.subscriptions.SubscriptionsEvent;
import leftfold.example.marketnews.tradingday.TradingDay;
import leftfold.example.marketnews.tradingday.TradingDayEvent;
import leftfold.schema.EncodedEvent;
import leftfold.schema.EventCodec;
import leftfold.schema.SchemaException;
import leftfold.store.RecordedEvent;

/** The events of all aggregates: the codecs of each, joined, for whatever looks across them. Immutable. */
public final class NewsCodec implements EventCodec<NewsEvent> {
    private final List<Family<?>> families = List.of(
            new Family<>(ArticleEvent.class, Article.CODEC),
            new Family<>(InstrumentEvent.class, Instrument.CODEC),
            new Family<>(InteractionsEvent.class, Interactions.CODEC),
            new Family<>(PreferencesEvent.class, Preferences.CODEC),
            new Family<>(ProfileEvent.class, Profile.CODEC),
            new Family<>(SubscriptionsEvent.class, Subscriptions.CODEC),
            new Family<>(TradingDayEvent.class, TradingDay.CODEC));
    private final Map<String, Family<?>> byType = new HashMap<>();

    /** Creates the codec. */
    public NewsCodec() {
        for (Family<?> family : families) {
            family.codec().types().forEach(type -> byType.put(type, family));
        }
    }

    @Override
    public Set<String> types() {
        return Collections.unmodifiableSet(byType.keySet());
    }

    @Override
    public EncodedEvent encode(NewsEvent event) {
        return families.stream()
                .flatMap(family -> family.encode(event).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(event.getClass().getName() + " is of no aggregate"));
    }

    @Override
    public NewsEvent decode(RecordedEvent recorded) {
        Family<?> family = byType.get(recorded.type());
        if (family == null) {
            throw SchemaException.of(recorded, "no aggregate has this type", null);
        }
        return family.codec().decode(recorded);
    }

    /** The events of one aggregate. */
    private record Family<E extends NewsEvent>(Class<E> events, EventCodec<E> codec) {
        /** Returns {@code event} encoded, if it is of this aggregate. */
        Optional<EncodedEvent> encode(NewsEvent event) {
            return events.isInstance(event) ? Optional.of(codec.encode(events.cast(event))) : Optional.empty();
        }
    }
}
