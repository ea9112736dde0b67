// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import leftfold.cli.imports.ImportRequest.Columns;
import org.jspecify.annotations.Nullable;

/** Which of a file's columns (or keys) names the case, which the activity, which the time. */
final class ColumnGuess {
    private static final List<String> CASE = List.of(
            "caseconceptname",
            "caseid",
            "case",
            "casenumber",
            "casenr",
            "caseno",
            "casename",
            "casekey",
            "traceid",
            "trace");
    private static final List<String> ACTIVITY = List.of(
            "conceptname",
            "activity",
            "activityname",
            "activityid",
            "event",
            "eventname",
            "eventtype",
            "task",
            "taskname",
            "action",
            "type");
    private static final List<String> TIME = List.of(
            "timetimestamp",
            "timestamp",
            "time",
            "completetimestamp",
            "completetime",
            "endtimestamp",
            "endtime",
            "starttimestamp",
            "starttime",
            "eventtime",
            "datetime",
            "date");

    private final String file;
    private final Collection<String> present;

    private ColumnGuess(String file, Collection<String> present) {
        this.file = file;
        this.present = present;
    }

    /**
     * Returns which of the {@code present} columns to use: those {@code asked} for, else what their names suggest.
     *
     * @throws ImportException if one that was asked for is not there, or nothing names the case or the activity
     */
    static Found find(String file, Columns asked, Collection<String> present) {
        ColumnGuess guess = new ColumnGuess(file, present);
        return new Found(
                guess.required(asked.caseId(), CASE, "case"),
                guess.required(asked.activity(), ACTIVITY, "activity"),
                guess.optional(asked.time(), TIME));
    }

    private String required(@Nullable String asked, List<String> usual, String what) {
        String found = optional(asked, usual);
        if (found == null) {
            throw new ImportException("cannot tell which column of " + file + " names the " + what + "; give --" + what
                    + "-column one of " + String.join(", ", present));
        }
        return found;
    }

    private @Nullable String optional(@Nullable String asked, List<String> usual) {
        if (asked == null) {
            return guess(usual);
        }
        if (!present.contains(asked)) {
            throw new ImportException(file + " has no column '" + asked + "'; it has " + String.join(", ", present));
        }
        return asked;
    }

    private @Nullable String guess(List<String> usual) {
        for (String name : usual) {
            for (String column : present) {
                if (letters(column).equals(name)) {
                    return column;
                }
            }
        }
        return null;
    }

    private static String letters(String column) {
        return column.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    /**
     * The columns to use.
     *
     * @param time null if there is none
     */
    record Found(String caseId, String activity, @Nullable String time) {}
}
