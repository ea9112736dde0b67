// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import org.jspecify.annotations.Nullable;

/**
 * A read model of documents by key. For callers and implementers. Confined to the thread that runs the projection,
 * unless an implementation says otherwise.
 *
 * @param <D> a document, immutable
 */
public interface Documents<D> {
    /** Returns the document at {@code key}, or null if there is none. */
    @Nullable D get(String key);

    /** Keeps {@code document} at {@code key}, in place of what was there. */
    void put(String key, D document);

    /** Leaves nothing at {@code key}. */
    void remove(String key);
}
