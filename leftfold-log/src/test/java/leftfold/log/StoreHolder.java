// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.nio.file.Path;

/** A process of its own that opens a store and keeps it until it is killed. */
final class StoreHolder {
    private StoreHolder() {}

    public static void main(String[] args) throws IOException {
        LogEventStore store = LogEventStore.open(Path.of(args[0]));
        System.out.println("open");
        System.in.read();
        store.close();
    }
}
