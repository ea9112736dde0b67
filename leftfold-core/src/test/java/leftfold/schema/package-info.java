// SPDX-License-Identifier: Apache-2.0
/** Tests of the schema toolkit. */
@NullMarked
package leftfold.schema;

import org.jspecify.annotations.NullMarked;
