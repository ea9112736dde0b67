// SPDX-License-Identifier: Apache-2.0
/** Seeded traffic: what the world does to the newsroom on each trading day. The same seed gives the same events. */
@NullMarked
package leftfold.example.marketnews.traffic;

import org.jspecify.annotations.NullMarked;
