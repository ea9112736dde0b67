// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews;

import java.time.Instant;

/** A fact of the market-news business. Each aggregate has its own sealed family of them. */
public interface NewsEvent {
    /** Returns when it happened in the business; when the store recorded it is another question. */
    Instant at();
}
