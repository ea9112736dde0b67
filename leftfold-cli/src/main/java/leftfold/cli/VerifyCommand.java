// SPDX-License-Identifier: Apache-2.0
package leftfold.cli;

import java.util.concurrent.Callable;
import leftfold.log.Damage;
import leftfold.log.LogVerifier;
import leftfold.log.VerifyReport;
import leftfold.postgres.PostgresEventStore;
import leftfold.postgres.PostgresVerifyReport;
import leftfold.store.EventStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.core.JsonGenerator;

/** {@code verify}: every checksum and every index of a store. */
@Command(
        name = "verify",
        description = "Check every checksum and every index; print where the damage is. Exit code 1 if there is any.",
        footer = {"", "Example:", "  leftfold verify --store ./leftfold-data"})
final class VerifyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    /** Creates the command. */
    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Location location = common.location(terminal);
        location.requireExisting();
        if (location.isFolder()) {
            return verifyFolder(location);
        }
        try (EventStore store = location.openExisting()) {
            if (store instanceof PostgresEventStore postgres) {
                return verify(location, postgres);
            }
        }
        throw Refusal.failed("nothing to verify at " + location.shown() + "; only a folder or a database has");
    }

    private int verify(Location location, PostgresEventStore store) {
        PostgresVerifyReport found = store.verify();
        if (common.json()) {
            terminal.line(Json.object(json -> {
                json.writeStringProperty("store", location.shown());
                json.writeNumberProperty("events", found.events());
                json.writeNumberProperty("streams", found.streams());
                json.writeBooleanProperty("clean", found.clean());
                json.writeArrayPropertyStart("findings");
                found.findings().forEach(json::writeString);
                json.writeEndArray();
            }));
        } else {
            found.findings().forEach(finding -> terminal.line(Shown.line(finding)));
            terminal.line(location.shown() + ": " + Shown.count(found.events(), "event") + " in "
                    + Shown.count(found.streams(), "stream") + ", "
                    + (found.clean()
                            ? "no damage"
                            : Shown.count(found.findings().size(), "finding")));
        }
        return found.clean() ? 0 : 1;
    }

    private int verifyFolder(Location location) {
        VerifyReport found = LogVerifier.verify(location.folder());
        if (common.json()) {
            terminal.line(Json.object(json -> write(json, location, found)));
        } else {
            print(location, found);
        }
        return found.clean() ? 0 : 1;
    }

    private void print(Location location, VerifyReport found) {
        for (Damage damage : found.damages()) {
            terminal.line(Shown.line(damage.toString()));
        }
        if (found.tornBytes() > 0) {
            terminal.line(Shown.count(found.tornBytes(), "byte")
                    + " at the end are of an append that was never acknowledged; the next command that opens the store"
                    + " cuts them");
        }
        String size = Shown.count(found.events(), "event") + " in " + Shown.count(found.segments(), "segment");
        terminal.line(location.shown() + ": " + size + ", "
                + (found.clean() ? "no damage" : Shown.count(found.damages().size(), "damaged place")));
    }

    private static void write(JsonGenerator json, Location location, VerifyReport found) {
        json.writeStringProperty("store", location.shown());
        json.writeNumberProperty("events", found.events());
        json.writeNumberProperty("segments", found.segments());
        json.writeBooleanProperty("clean", found.clean());
        json.writeNumberProperty("tornBytes", found.tornBytes());
        json.writeArrayPropertyStart("damages");
        for (Damage damage : found.damages()) {
            json.writeStartObject();
            json.writeStringProperty("file", damage.file());
            json.writeNumberProperty("offset", damage.offset());
            json.writeStringProperty("what", damage.what());
            json.writeNumberProperty("firstPosition", damage.firstPosition());
            if (damage.lastPosition() != Long.MAX_VALUE) {
                json.writeNumberProperty("lastPosition", damage.lastPosition());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
