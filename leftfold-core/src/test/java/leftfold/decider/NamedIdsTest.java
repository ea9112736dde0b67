// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NamedIdsTest {
    private static final UUID COMMAND = UUID.fromString("00000000-0000-4000-8000-000000000001");

    @Test
    void a_name_gives_the_id_that_the_standard_says() {
        // RFC 9562, appendix A.4
        UUID dns = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        assertThat(NamedIds.named(dns, "www.example.com")).hasToString("2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }

    @Test
    void events_of_a_command_have_the_documented_ids() {
        assertThat(NamedIds.event(COMMAND, StreamId.of("order-123"), 0))
                .hasToString("d01ae1d9-05ea-538e-96cc-68ca496b473b");
        assertThat(NamedIds.event(COMMAND, StreamId.of("order-123"), 1))
                .hasToString("b3d141ed-1890-5a90-a841-3dd9c31b4a8f");
        assertThat(NamedIds.event(COMMAND, StreamId.of("order-\u00fc"), 0))
                .hasToString("cd6f5b62-2753-54c4-a153-8915970dc46b");
    }
}
