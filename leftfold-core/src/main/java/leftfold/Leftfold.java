// SPDX-License-Identifier: Apache-2.0
package leftfold;

import java.util.ServiceLoader;
import java.util.regex.Pattern;
import leftfold.store.EventStore;
import leftfold.store.StoreException;
import leftfold.store.StoreProvider;

/** Opens stores by location. */
public final class Leftfold {
    /** A password after a user's name and a colon: what follows that colon is no port, and an @ comes after it. */
    private static final Pattern LOGIN = Pattern.compile("(//[^/?:\\[]*:)(?!\\d+(?:[/?,]|$)).*@");

    private static final Pattern PARAMETER = Pattern.compile("(?i)(password=)[^&]*"); // sslpassword as well

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

    /** Returns {@code location} with *** for each password in it, in whatever scheme: fit to be printed and logged. */
    public static String shown(String location) {
        String noLogin = LOGIN.matcher(location).replaceAll("$1***@");
        return PARAMETER.matcher(noLogin).replaceAll("$1***");
    }

    private static StoreProvider provider(String location) {
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class, Leftfold.class.getClassLoader())) {
            if (provider.understands(location)) {
                return provider;
            }
        }
        throw new StoreException.CannotOpen(
                "no module on the class path opens '" + shown(location)
                        + "'; a folder needs leftfold-log, jdbc:postgresql: needs leftfold-postgres",
                null);
    }
}
