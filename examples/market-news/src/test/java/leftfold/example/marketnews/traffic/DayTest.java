// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.Stream;
import leftfold.store.Event;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DayTest {
    private static final long SEED = 7;

    @Test
    void the_same_seed_gives_the_same_steps() {
        assertThat(Day.steps(SEED, 0)).isEqualTo(Day.steps(SEED, 0)).hasSizeGreaterThan(400);
    }

    @Test
    void time_zone_and_language_of_the_machine_change_nothing() {
        List<Step> here = Day.steps(SEED, 3);
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            assertThat(Day.steps(SEED, 3)).isEqualTo(here);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void another_seed_or_another_day_shares_no_id() {
        Set<UUID> ids = ids(SEED, 1);

        assertThat(ids(SEED + 1, 1)).noneMatch(ids::contains);
        assertThat(ids(SEED, 2)).noneMatch(ids::contains);
    }

    @Test
    void no_id_is_used_twice_in_a_day() {
        List<UUID> ids = allIds(Day.steps(SEED, 0)).toList();

        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void the_time_before_the_first_day_is_written_in_the_first_three_versions_of_the_score() {
        assertThat(Day.steps(SEED, 0).stream()
                        .flatMap(DayTest::observed)
                        .filter(event -> event.type().equals("ArticleScored"))
                        .map(Event::schemaVersion)
                        .collect(toSet()))
                .containsExactlyInAnyOrder(1, 2, 3);
        assertThat(Day.steps(SEED, 1).stream().flatMap(DayTest::observed).map(Event::type))
                .containsOnly("PriceTicked");
    }

    private static Set<UUID> ids(long seed, int day) {
        return allIds(Day.steps(seed, day)).collect(toSet());
    }

    private static Stream<UUID> allIds(List<Step> steps) {
        return steps.stream()
                .flatMap(step -> step instanceof Step.Observed ? observed(step).map(Event::id) : Stream.of(step.id()));
    }

    private static Stream<Event> observed(Step step) {
        return step instanceof Step.Observed observed
                ? observed.writes().stream().flatMap(write -> write.events().stream())
                : Stream.of();
    }
}
