// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class FailureTest {
    @ParameterizedTest
    @CsvSource({
        "08006, LOST", // connection_failure
        "40003, LOST", // statement_completion_unknown
        "57P01, LOST", // admin_shutdown
        "53300, LOST", // too_many_connections
        "40001, RETRY", // serialization_failure
        "40P01, RETRY", // deadlock_detected
        "57014, TIMED_OUT", // query_canceled
        "25P04, TIMED_OUT", // transaction_timeout
        "40002, REFUSED", // transaction_integrity_constraint_violation
        "22001, REFUSED" // string_data_right_truncation
    })
    void an_answer_is_known_unless_its_state_says_otherwise(String state, Failure means) {
        assertThat(Failure.of(new SQLException("failed", state))).isEqualTo(means);
    }

    @Test
    void the_logs_lock_is_blamed_where_it_is_waited_for_and_not_for_reads() {
        SQLException timeout = new SQLException("canceling statement due to statement timeout", "57014");

        assertThat(Failure.describe(timeout)).contains("leftfold_log");
        assertThat(Failure.describeRead(timeout)).contains("statement_timeout").doesNotContain("leftfold_log");
    }
}
