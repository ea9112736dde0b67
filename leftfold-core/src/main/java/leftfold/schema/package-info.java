// SPDX-License-Identifier: Apache-2.0
/**
 * Bytes to events and back: codecs, names and versions of event types, upcasters that bring old events up to date on
 * read.
 */
@NullMarked
package leftfold.schema;

import org.jspecify.annotations.NullMarked;
