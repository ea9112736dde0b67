// SPDX-License-Identifier: Apache-2.0
/** JSON codec for records and sealed interfaces, on Jackson 3. */
@NullMarked
package leftfold.jackson;

import org.jspecify.annotations.NullMarked;
