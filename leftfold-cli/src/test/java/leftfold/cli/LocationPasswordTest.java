// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import leftfold.Leftfold;
import leftfold.cli.Commands.Outcome;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locations as other programs write them, with a password in them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class LocationPasswordTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://app:s3cret@localhost/shop",
                "postgresql://app@home:/a?s3cret:4@[::1]:5432/shop?a=b",
                "jdbc:postgresql://app:s3cret@localhost/shop",
                "jdbc:postgresql://app:s3cret@localhost:1/shop",
                "jdbc:postgresql://localhost:1?user=app&password=s3cret",
                "jdbc:postgresql://localhost:x/shop?user=app&sslpassword=s3cret",
                "jdbc:postgresql://localhost:1/shop?user=app&password=s3cret%",
                "jdbc:postgres://localhost/shop?user=app&password=s3cret"
            })
    void are_not_printed_with_it(String location) {
        Outcome read = Commands.runBare(Map.of("LEFTFOLD_STORE", location), "", "read");

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(read.err()).hasLineCount(1).contains("***").doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost:1,[::1]:2/shop?user=app@home",
                "jdbc:postgresql://localhost:1?user=app@home",
                "jdbc:postgresql:shop",
                "https://localhost:1/@shop"
            })
    void without_a_password_are_printed_as_they_are(String location) {
        assertThat(Leftfold.shown(location)).isEqualTo(location);
    }
}
