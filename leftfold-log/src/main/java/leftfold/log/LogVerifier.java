// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import leftfold.store.StoreException;

/** Checks every byte of a store that matters: headers, frames, events, the order of positions and versions. */
public final class LogVerifier {
    private static final String REMADE = "the store's header is not whole; opening the store makes it anew";

    private LogVerifier() {}

    /**
     * Reads the store in {@code folder} from its first byte to its last; changes nothing.
     *
     * @throws StoreException.CannotOpen if there is no store, it is newer than this program, or another process has it
     *     open
     */
    public static VerifyReport verify(Path folder) {
        if (!LogEventStore.exists(folder)) {
            throw new StoreException.CannotOpen("there is no store in " + folder, null);
        }
        try {
            return verify(StoreFolder.open(folder));
        } catch (IOException e) {
            throw StoreFolder.cannotOpen(folder.toString(), e);
        }
    }

    static VerifyReport verify(Directory directory) throws IOException {
        try (Closeable lock = directory.lock()) {
            return verifyLocked(directory);
        } catch (StoreException.Corrupt e) {
            return unusable(e.file(), e.offset(), String.valueOf(e.getMessage()));
        } catch (InternalError e) {
            return unusable(directory.name(), 0, Damage.UNREADABLE); // compiled code learns it too late to say where
        }
    }

    private static VerifyReport verifyLocked(Directory directory) throws IOException {
        StoreFolder.Identity identity = StoreFolder.identity(directory);
        VerifyReport report = new Verification(directory, identity.id()).run();
        StoreException.Corrupt damage = identity.damage();
        if (damage == null) {
            return report;
        }
        List<Damage> damages = new ArrayList<>(report.damages());
        damages.addFirst(new Damage(damage.file(), damage.offset(), REMADE, 1, 0));
        return new VerifyReport(report.events(), report.segments(), report.tornBytes(), damages);
    }

    private static VerifyReport unusable(String file, long offset, String what) {
        return new VerifyReport(0, 0, 0, List.of(new Damage(file, offset, what, 1, Long.MAX_VALUE)));
    }
}
