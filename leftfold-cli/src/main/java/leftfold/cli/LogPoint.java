// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.time.Instant;
import leftfold.store.EventStore;
import picocli.CommandLine.TypeConversionException;

/** A point of the log, as a position or as a time. Immutable. */
sealed interface LogPoint {
    /** After the event at a position; 0 is before the first. */
    record AtPosition(long position) implements LogPoint {}

    /** As recorded up to then. */
    record AtTime(Instant time) implements LogPoint {}

    /** Returns the point that {@code text} names: digits are a position, anything else a time. */
    static LogPoint parse(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            try {
                return new AtTime(Converters.time(text));
            } catch (TypeConversionException e) {
                throw new TypeConversionException(
                        "'" + text + "' is neither a position such as 512 nor a time such as 2026-07-22T15:00:00Z");
            }
        }
        try {
            return new AtPosition(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is larger than any position");
        }
    }

    /** Returns the position in {@code store}; refuses a position that the log, named by {@code option}, has not. */
    default long in(EventStore store, String option) {
        return switch (this) {
            case AtTime(Instant time) -> store.positionAt(time);
            case AtPosition(long position) -> {
                if (position > store.head()) {
                    throw Refusal.failed(
                            "the log ends at position " + store.head() + "; give " + option + " a position up to that");
                }
                yield position;
            }
        };
    }
}
