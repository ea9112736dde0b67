// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.nio.file.Path;
import java.time.InstantSource;
import leftfold.store.EventStore;
import leftfold.testkit.DurableEventStoreContract;
import leftfold.testkit.DurableRestoreContract;
import leftfold.testkit.StoreFixture;

/** The contract over the embedded log on a real disk, with segments so small that most tests use several. */
final class LogEventStoreTest extends DurableEventStoreContract implements DurableRestoreContract {
    LogEventStoreTest() {
        super(new Folder());
    }

    private static final class Folder implements StoreFixture {
        private final Path folder = TestFolders.create();

        @Override
        public EventStore open(InstantSource clock) {
            return LogEventStore.open(
                    folder, LogOptions.defaults().withClock(clock).withSegmentBytes(8 << 10, 16 << 10));
        }

        @Override
        public void close() {
            TestFolders.delete(folder);
        }
    }
}
