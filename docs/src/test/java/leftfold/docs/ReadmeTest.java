// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import leftfold.Leftfold;
import leftfold.decider.CommandHandler;
import leftfold.decider.Decider;
import leftfold.jackson.JsonCodec;
import leftfold.schema.EventType;
import leftfold.store.StreamId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on the README's first screen. */
@SuppressWarnings("MissingOverride") // shorter, on a page that is read first
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ReadmeTest {
    // region account
    @EventType("MoneyMoved")
    record MoneyMoved(long cents) {}

    static final class Account implements Decider<Long, MoneyMoved, Long> {
        public Long initialState() {
            return 0L;
        }

        public Long evolve(Long balance, MoneyMoved moved) {
            return balance + moved.cents();
        }

        public List<MoneyMoved> decide(Long balance, Long cents) {
            if (balance + cents < 0) throw new IllegalStateException("the balance is only " + balance);
            return List.of(new MoneyMoved(cents));
        }
    }

    static String run(String folder) {
        try (var store = Leftfold.open(folder)) {
            var accounts = CommandHandler.builder(store, new Account(), JsonCodec.of(MoneyMoved.class));
            var handled = accounts.build().handle(StreamId.of("account-1"), 5_000L);
            return "balance " + handled.state() + " at version " + handled.version();
        }
    }
    // endregion

    @TempDir
    private Path folder;

    @Test
    void the_readmes_program_deposits_and_goes_on() {
        assertThat(run(folder.toString())).isEqualTo("balance 5000 at version 1");
        assertThat(run(folder.toString())).as("and goes on").isEqualTo("balance 10000 at version 2");
    }
}
