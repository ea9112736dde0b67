// SPDX-License-Identifier: Apache-2.0
package leftfold.jackson;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** What Jackson finds wrong with a text, in words that are about the text alone. Safe for use by many threads. */
public final class JsonMistake {
    // Where a value that does not end begins. Jackson names the source there, which it does not show: [Source: REDACTED
    private static final Pattern BEGIN = Pattern.compile(" \\((start marker|for \\w+ starting) at .*");

    private JsonMistake() {}

    /** Returns what {@code e} says is wrong, without where; {@link JacksonException#getLocation} says that. */
    public static String words(JacksonException e) {
        return BEGIN.matcher(e.getOriginalMessage()).replaceFirst("");
    }
}
