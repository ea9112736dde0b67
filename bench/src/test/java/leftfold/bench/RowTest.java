// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RowTest {
    private static final long SECOND = 1_000_000_000;

    private static Measured perSecond(long events) {
        Measured call = Measured.ofOne(events, 2_000);
        return new Measured(events, SECOND, call.latencies());
    }

    private static Row row(Goal goal) {
        return Row.of("case", List.of(perSecond(300), perSecond(100), perSecond(200)), goal)
                .withProbes(List.of(perSecond(40), perSecond(60)));
    }

    @Test
    void a_row_is_the_median_of_its_rounds_beside_the_median_of_the_probes() {
        Row row = row(Goal.NONE);
        assertThat(row.eventsPerSecond()).isEqualTo(200);
        assertThat(row.spread()).isEqualTo(1);
        assertThat(row.ratio()).isEqualTo(4);
        assertThat(row.micros(50)).isEqualTo(2);
    }

    @Test
    void a_goal_is_met_or_missed_or_not_known() {
        assertThat(row(Goal.ratio(4)).met()).isTrue();
        assertThat(row(Goal.ratio(4.1)).met()).isFalse();
        assertThat(row(Goal.eventsPerSecond(201)).met()).isFalse();
        assertThat(row(Goal.p50Micros(2)).met()).isTrue();
        assertThat(row(Goal.p50Micros(1.9)).met()).isFalse();
        assertThat(row(Goal.NONE).met()).isNull();
        assertThat(Row.notMeasured("case", Goal.ratio(1), "no disk").met()).isNull();
        assertThat(Row.failed("case", Goal.ratio(1), "no disk").met()).isFalse();
    }

    @Test
    void where_the_disk_has_no_more_bandwidth_less_is_enough() {
        assertThat(row(Goal.ratioOrBandwidth(5, 57_000, 200)).met()).isTrue();
        assertThat(row(Goal.ratioOrBandwidth(5, 58_000, 200)).met()).isFalse();
        assertThat(row(Goal.ratioOrBandwidth(4, 58_000, 200)).met()).isTrue();
    }

    @Test
    void a_row_is_one_json_object_with_null_for_what_is_not_known() {
        StringWriter printed = new StringWriter();
        Report report = new Report(new PrintWriter(printed), true, name -> true);
        report.print(row(Goal.ratio(3)).with("more", 7L));
        report.print(Row.notMeasured("cold", Goal.p50Micros(2_000), "no \"root\""));
        report.say("for a person");
        assertThat(report.failed()).isFalse();
        report.printFailed("memory", Goal.NONE, "out of memory");
        assertThat(report.failed()).isTrue();
        assertThat(printed.toString().lines())
                .containsExactly(
                        "{\"case\":\"case\",\"events_per_second\":200.000,\"p50_us\":2.000,\"p99_us\":2.000,"
                                + "\"ratio_to_disk\":4.000,\"goal\":\"3.00 x disk\",\"met\":true,\"spread\":1.000,"
                                + "\"more\":7}",
                        "{\"case\":\"cold\",\"events_per_second\":null,\"p50_us\":null,\"p99_us\":null,"
                                + "\"ratio_to_disk\":null,\"goal\":\"p50 2,000 us\",\"met\":null,\"spread\":null,"
                                + "\"note\":\"not measured: no \\\"root\\\"\"}",
                        "{\"case\":\"memory\",\"events_per_second\":null,\"p50_us\":null,\"p99_us\":null,"
                                + "\"ratio_to_disk\":null,\"goal\":null,\"met\":false,\"spread\":null,"
                                + "\"note\":\"failed: out of memory\"}");
    }
}
