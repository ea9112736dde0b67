// SPDX-License-Identifier: Apache-2.0
/** Other systems that keep events, each behind {@link leftfold.bench.Peer}, synced before each acknowledgement. */
@NullMarked
package leftfold.bench.peers;

import org.jspecify.annotations.NullMarked;
