// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.Locale;
import java.util.StringJoiner;
import leftfold.store.Data;
import leftfold.store.RecordedEvent;
import leftfold.store.Tag;

/** An event as one line for people; long data is cut, {@code --json} has it whole. */
final class EventText {
    private static final int DATA_CHARS_MAX = 160;

    private EventText() {}

    /** Returns {@code event} on one line. */
    static String line(RecordedEvent event) {
        StringJoiner rest = new StringJoiner("  ");
        for (Tag tag : event.tags()) {
            rest.add(Shown.line(tag.toString()));
        }
        rest.add(data(event.data()));
        return String.format(
                Locale.ROOT,
                "%8d  %s  %-22s  %-24s  %s",
                event.position(),
                Shown.time(event.recordedAt()),
                Shown.line(event.stream().value()) + " @" + event.version(),
                Shown.line(event.type()),
                rest);
    }

    private static String data(Data data) {
        String json = EventJson.json(data);
        return json == null ? Shown.line(data.toString()) : Shown.line(json, DATA_CHARS_MAX);
    }
}
