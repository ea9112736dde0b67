// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.file.Path;
import java.util.regex.Pattern;
import leftfold.store.EventStore;
import leftfold.store.StoreProvider;

/** Opens folders. */
public final class LogStoreProvider implements StoreProvider {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]+:.*");

    @Override
    public boolean understands(String location) {
        return !location.isEmpty() && !SCHEME.matcher(location).matches();
    }

    @Override
    public boolean exists(String location) {
        return LogEventStore.exists(Path.of(location));
    }

    @Override
    public EventStore open(String location) {
        return LogEventStore.open(Path.of(location));
    }
}
