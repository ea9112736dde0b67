// SPDX-License-Identifier: Apache-2.0
/** Tests of the package, over SQLite. */
@org.jspecify.annotations.NullUnmarked
package leftfold.jdbc;
