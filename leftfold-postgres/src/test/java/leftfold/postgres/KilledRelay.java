// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.postgresql.ds.PGSimpleDataSource;

/** A process with a relay that prints what it delivers, and is gone right after so many deliveries. */
final class KilledRelay {
    static final int KILLED = 9;

    private KilledRelay() {}

    public static void main(String[] arguments) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(arguments[0]);
        database.setUser("postgres");
        int last = Integer.parseInt(arguments[1]);
        AtomicInteger delivered = new AtomicInteger();
        ReentrantLock lock = new ReentrantLock();
        OutboxRelay.start(database, messages -> {
            lock.lock();
            try {
                System.out.println(line(messages.getFirst()));
                if (delivered.incrementAndGet() == last) {
                    System.out.flush();
                    Runtime.getRuntime().halt(KILLED);
                }
            } finally {
                lock.unlock();
            }
        });
        while (true) {
            LockSupport.park();
        }
    }

    static String line(PublishedMessage one) {
        return one.message().id() + " " + one.message().key() + " "
                + one.message().data().text();
    }
}
