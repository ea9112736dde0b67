// SPDX-License-Identifier: Apache-2.0
/** Tests of the JSON codec, and of the toolkit with it. */
@NullMarked
package leftfold.jackson;

import org.jspecify.annotations.NullMarked;
