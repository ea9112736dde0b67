// SPDX-License-Identifier: Apache-2.0
/** The embedded log engine: a durable event store in a folder, for one process. */
@NullMarked
package leftfold.log;

import org.jspecify.annotations.NullMarked;
