// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes to documents that are not made yet, so that a handler that fails leaves nothing behind. One thread's. */
final class StagedDocuments<D> implements Documents<D> {
    private final Documents<D> base;
    private final Map<String, Optional<D>> changes = new LinkedHashMap<>();

    StagedDocuments(Documents<D> base) {
        this.base = base;
    }

    /** Returns the changes: the document to keep at a key, or empty for none. */
    Map<String, Optional<D>> changes() {
        return changes;
    }

    @Override
    public @Nullable D get(String key) {
        Optional<D> change = changes.get(key);
        return change == null ? base.get(key) : change.orElse(null);
    }

    @Override
    public void put(String key, D document) {
        changes.put(key, Optional.of(document));
    }

    @Override
    public void remove(String key) {
        changes.put(key, Optional.empty());
    }
}
