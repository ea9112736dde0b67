// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Prints a row for each case as soon as it is measured: a table for a person, or one JSON object a line. */
final class Report {
    private static final String LINE = "%-24s %14s %8s %12s %12s %9s  %s%n";

    private final PrintWriter out;
    private final boolean json;
    private final Predicate<String> wanted;
    private boolean failed;
    private boolean headed;

    Report(PrintWriter out, boolean json, Predicate<String> wanted) {
        this.out = out;
        this.json = json;
        this.wanted = wanted;
    }

    /** Returns whether the case of this name is to be measured. */
    boolean wants(String name) {
        return wanted.test(name);
    }

    /** Returns whether a case failed. */
    boolean failed() {
        return failed;
    }

    /** Prints the row of a case that failed. */
    void printFailed(String name, Goal goal, String why) {
        failed = true;
        print(Row.failed(name, goal, why));
    }

    void print(Row row) {
        if (json) {
            printJson(row);
        } else {
            printLine(row);
        }
        out.flush();
    }

    /** Prints {@code text} for a person; the JSON form has it in its rows. */
    void say(String text) {
        if (!json) {
            head();
            out.println(text);
            out.flush();
        }
    }

    private void head() {
        if (!headed) {
            out.printf(Locale.ROOT, LINE, "case", "events/s", "spread", "p50 us", "p99 us", "x disk", "goal");
            headed = true;
        }
    }

    private void printLine(Row row) {
        head();
        Boolean met = row.met();
        String goal = met == null
                ? row.goal().text()
                : (met ? "met: " : "missed: ") + row.goal().text();
        out.printf(
                Locale.ROOT,
                LINE,
                row.more().getOrDefault("peer", row.name()),
                shown("%,.0f", row.eventsPerSecond()),
                shown("%.0f%%", 100 * row.spread()),
                shown("%,.1f", row.micros(50)),
                shown("%,.1f", row.micros(99)),
                shown("%.2f", row.ratio()),
                (goal + (goal.isEmpty() || row.note().isEmpty() ? "" : "; ") + row.note()).strip());
    }

    private static String shown(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "-";
    }

    private void printJson(Row row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("case", row.name());
        values.put("events_per_second", row.eventsPerSecond());
        values.put("p50_us", row.micros(50));
        values.put("p99_us", row.micros(99));
        values.put("ratio_to_disk", row.ratio());
        values.put("goal", row.goal().text().isEmpty() ? null : row.goal().text());
        values.put("met", row.met());
        values.put("spread", row.spread());
        values.putAll(row.more());
        if (!row.note().isEmpty()) {
            values.put("note", row.note());
        }
        StringJoiner object = new StringJoiner(",", "{", "}");
        values.forEach((key, value) -> object.add(quoted(key) + ":" + json(value)));
        out.println(object);
    }

    private static String json(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Double number ->
                Double.isFinite(number) ? String.format(Locale.ROOT, number < 1e6 ? "%.3f" : "%.0f", number) : "null";
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars()
                .forEach(c ->
                        quoted.append(c == '"' || c == '\\' ? "\\" + (char) c : c < ' ' ? " " : Character.toString(c)));
        return quoted.append('"').toString();
    }
}
