// SPDX-License-Identifier: Apache-2.0
package leftfold;

import java.util.ServiceLoader;
import leftfold.store.EventStore;
import leftfold.store.StoreException;
import leftfold.store.StoreProvider;

/** Opens stores by location. */
public final class Leftfold {
    private Leftfold() {}

    /**
     * Opens the store at {@code location}: a folder (the embedded log, created if it is not there), {@code memory:},
     * {@code jdbc:postgresql:…}, or whatever else the modules on the class path understand.
     *
     * @throws StoreException.CannotOpen if no module understands the location, or there is no usable store
     */
    public static EventStore open(String location) {
        return provider(location).open(location);
    }

    /**
     * Returns whether there is a log at {@code location} already; nothing is changed.
     *
     * @throws StoreException.CannotOpen if no module understands the location, or it cannot be found out
     */
    public static boolean exists(String location) {
        return provider(location).exists(location);
    }

    private static StoreProvider provider(String location) {
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class, Leftfold.class.getClassLoader())) {
            if (provider.understands(location)) {
                return provider;
            }
        }
        throw new StoreException.CannotOpen(
                "no module on the class path opens '" + location
                        + "'; a folder needs leftfold-log, jdbc:postgresql: needs leftfold-postgres",
                null);
    }
}
