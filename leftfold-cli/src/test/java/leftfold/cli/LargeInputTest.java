// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import leftfold.cli.Commands.Outcome;
import leftfold.store.Limits;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Data from standard input that is larger than an event may be. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class LargeInputTest {
    @Test
    void is_said_to_be_too_large_and_not_to_be_malformed() {
        String json = "{\"text\":\"" + "x".repeat(Limits.DATA_BYTES_MAX) + "\"}";

        Outcome append = Commands.runBare(
                Map.of("LEFTFOLD_STORE", "memory:"), json, "append", "order-1", "--type", "Placed", "--data", "-");

        assertThat(append.exitCode()).isEqualTo(2);
        assertThat(append.err()).contains(String.valueOf(Limits.DATA_BYTES_MAX)).doesNotContain("not JSON");
    }
}
