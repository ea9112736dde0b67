// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import leftfold.memory.MemoryEventStore;
import leftfold.store.EventStore;
import leftfold.store.RestorableStore;
import leftfold.store.Subscription;
import org.jspecify.annotations.Nullable;

/** The contract for durable stores can be kept: by one log in memory, opened and closed as if it lay on a disk. */
final class DurableMemoryTest extends DurableEventStoreContract implements DurableRestoreContract {
    DurableMemoryTest() {
        super(new Disk());
    }

    /** Keeps the log while no store is open. */
    private static final class Disk implements StoreFixture {
        private @Nullable MemoryEventStore log;

        @Override
        public EventStore open(InstantSource clock) {
            if (log == null) {
                log = new MemoryEventStore(clock);
            }
            Session session = new Session(log);
            return (EventStore) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {RestorableStore.class}, session::call);
        }
    }

    /** One opening of the log. */
    private static final class Session {
        private final EventStore log;
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private final List<Subscription> subscriptions = new ArrayList<>();
        private boolean closed;

        Session(EventStore log) {
            this.log = log;
        }

        @Nullable Object call(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            boolean change =
                    method.getName().equals("close") || method.getName().equals("subscribe");
            var held = change ? lock.writeLock() : lock.readLock();
            held.lock();
            try {
                if (method.getName().equals("close")) {
                    closed = true;
                    subscriptions.forEach(Subscription::close);
                    return null;
                }
                if (closed) {
                    throw new IllegalStateException("the store is closed");
                }
                Object result = method.invoke(log, arguments);
                if (result instanceof Subscription subscription) {
                    subscriptions.add(subscription);
                }
                return result;
            } catch (InvocationTargetException failure) {
                throw failure.getCause();
            } finally {
                held.unlock();
            }
        }
    }
}
