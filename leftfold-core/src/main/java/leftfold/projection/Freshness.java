// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * How old an answer may be. Immutable.
 *
 * <pre>{@code
 * Freshness.within(Duration.ofSeconds(2)).read(follower::lag, () -> database.document("feed", key, codec));
 * }</pre>
 *
 * @param limit the longest time that an event may have waited without being part of the answer
 */
public record Freshness(Duration limit) {
    /** Returns the demand that nothing older than {@code limit} is missing from an answer. */
    public static Freshness within(Duration limit) {
        return new Freshness(limit);
    }

    /**
     * Returns what {@code query} answers, if the read model is fresh enough.
     *
     * @param lag how far the read model is behind, such as {@code follower::lag}
     * @throws StaleReadException if it is further behind than the limit; nothing was asked
     */
    public <T> T read(Supplier<Duration> lag, Supplier<? extends T> query) {
        Duration now = lag.get();
        if (now.compareTo(limit) > 0) {
            throw new StaleReadException(limit, now);
        }
        return query.get();
    }

    /** Returns what {@code query} answers if the read model is fresh enough, else what {@code fallback} does. */
    public <T> T read(Supplier<Duration> lag, Supplier<? extends T> query, Supplier<? extends T> fallback) {
        return lag.get().compareTo(limit) > 0 ? fallback.get() : query.get();
    }
}
