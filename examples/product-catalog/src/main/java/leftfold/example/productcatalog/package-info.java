// SPDX-License-Identifier: Apache-2.0
/**
 * A shop's catalog in plain tables and its inventory in events, in one PostgreSQL; changes leave through the outbox.
 */
@NullMarked
package leftfold.example.productcatalog;

import org.jspecify.annotations.NullMarked;
