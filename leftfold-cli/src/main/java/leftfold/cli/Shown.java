// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Text fit for a terminal: names and data come from anywhere and must not be able to command it. */
final class Shown {
    private static final char ZERO_WIDTH_NON_JOINER = '\u200c';
    private static final char ZERO_WIDTH_JOINER = '\u200d';
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Shown() {}

    /** Returns {@code text} on one line, with whatever is not plainly visible written as {@code \}{@code uXXXX}. */
    static String line(String text) {
        if (text.chars().noneMatch(c -> hidden((char) c))) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (hidden(c)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /** Returns {@link #line} of {@code text}, cut after {@code charsMax} characters. */
    static String line(String text, int charsMax) {
        if (text.length() <= charsMax) {
            return line(text);
        }
        int end = Character.isHighSurrogate(text.charAt(charsMax - 1)) ? charsMax - 1 : charsMax;
        return line(text.substring(0, end)) + "…";
    }

    /** Returns {@code instant} in UTC, to the microsecond that the log keeps, always equally long. */
    static String time(Instant instant) {
        return TIME.format(instant);
    }

    /** Returns {@code number} with its thousands set apart. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Returns {@code count} and the noun in the right number. */
    static String count(long count, String noun) {
        return number(count) + " " + noun + (count == 1 ? "" : "s");
    }

    private static boolean hidden(char c) {
        // Joiners are format characters too, but Persian, Hindi and family emoji need them, and they move nothing.
        if (c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
