// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.List;
import java.util.UUID;
import leftfold.store.Append;
import leftfold.store.Data;
import leftfold.store.Event;
import leftfold.store.StreamId;
import leftfold.store.StreamWrite;
import org.postgresql.ds.PGSimpleDataSource;

/** A process whose writers print the ids of each append once it is acknowledged, until it is killed. */
final class WritingProcess {
    static final int WRITERS = 16;
    static final int EVENTS = 3;

    private WritingProcess() {}

    /** Takes the database's URL, and a name that no earlier process had. */
    public static void main(String[] arguments) throws InterruptedException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(arguments[0]);
        PostgresEventStore store = PostgresEventStore.open(database);
        new Crowd<Void>()
                .add(WRITERS, writer -> () -> write(store, arguments[1] + "-" + writer))
                .join();
    }

    private static Void write(PostgresEventStore store, String name) {
        while (!Thread.currentThread().isInterrupted()) {
            List<Event> events = List.of(event(), event(), event());
            store.append(new Append(List.of(new StreamWrite(StreamId.of("writer", name), events)), List.of()));
            List<UUID> ids = events.stream().map(Event::id).toList();
            System.out.println(ids.get(0) + " " + ids.get(1) + " " + ids.get(2)); // one call: a line is never cut
        }
        return null;
    }

    private static Event event() {
        return Event.of("Noted", Data.json("{}"));
    }
}
