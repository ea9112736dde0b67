// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import leftfold.store.StoreException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A password in a location that is malformed: neither this library nor its driver writes it to a log. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PasswordTest {
    private static final String LOCATION = "jdbc:postgresql://localhost:5432?user=app&password=s3cret"; // no database

    @Test
    void is_logged_by_nobody() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord one) {
                lines.add(new SimpleFormatter().formatMessage(one));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        try {
            assertThatThrownBy(() -> Postgres.pool(LOCATION))
                    .isInstanceOf(StoreException.CannotOpen.class)
                    .hasMessageNotContaining("s3cret");
        } finally {
            root.removeHandler(handler);
        }
        assertThat(lines).noneSatisfy(line -> assertThat(line).contains("s3cret"));
    }
}
