// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

import java.util.List;
import leftfold.example.marketnews.traffic.World.Security;

/** What articles say. Confined to one thread. */
final class Headlines {
    private static final List<String> ABOUT_ONE = List.of(
            "%s raises its outlook for the year",
            "%s misses what analysts had expected",
            "Regulator looks into %s",
            "%s to buy back shares",
            "Orders at %s reach a record",
            "%s replaces its chief executive",
            "Strike stops work at %s",
            "%s in talks about a merger");
    private static final List<String> ABOUT_TOPIC = List.of(
            "What the central bank's words mean for %s",
            "Week ahead: three dates that matter for %s",
            "Investors turn away from %s",
            "Funds return to %s",
            "Why nobody agrees on %s");

    private final Script script;

    Headlines(Script script) {
        this.script = script;
    }

    /** Returns a headline about {@code security}. */
    String about(Security security) {
        return script.pick(ABOUT_ONE).replace("%s", security.name());
    }

    /** Returns a headline about {@code topic}. */
    String about(String topic) {
        return script.pick(ABOUT_TOPIC).replace("%s", topic);
    }
}
