// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import leftfold.projection.Documents;
import leftfold.projection.Projection;

/**
 * A projection of documents, and how they are written down. Immutable.
 *
 * @param <D> a document
 * @param projection the handlers
 * @param codec turns documents into text and back
 */
public record DocumentProjection<D>(Projection<Documents<D>> projection, DocumentCodec<D> codec)
        implements JdbcProjection {}
