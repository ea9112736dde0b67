// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

import java.nio.file.Path;
import leftfold.log.LogEventStore;

/** Leftfold itself, run in the same way as its peers. */
final class LeftfoldPeer implements Peer {
    static final String LACKS = "nothing that the workload asks for";

    @Override
    public String name() {
        return "leftfold";
    }

    @Override
    public String lacks() {
        return LACKS;
    }

    @Override
    public boolean readsStreams() {
        return true;
    }

    @Override
    public PeerLog open(Path folder) {
        return new StoreLog(LogEventStore.open(folder), () -> {});
    }
}
