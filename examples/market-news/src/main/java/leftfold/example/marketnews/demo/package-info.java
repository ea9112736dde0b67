// SPDX-License-Identifier: Apache-2.0
/** The demo: traffic, process and projections on one store, and a summary of what came out. */
@NullMarked
package leftfold.example.marketnews.demo;

import org.jspecify.annotations.NullMarked;
