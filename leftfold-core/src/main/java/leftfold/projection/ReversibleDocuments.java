// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Documents whose last changes can be taken back, so that a handler that fails leaves nothing behind. One thread's. */
final class ReversibleDocuments<D> implements Documents<D> {
    private final Map<String, D> documents = new HashMap<>();
    private final List<String> changed = new ArrayList<>();
    private final List<@Nullable D> before = new ArrayList<>();

    /** Keeps the changes made so far for good. */
    void settle() {
        changed.clear();
        before.clear();
    }

    /** Takes back the changes since they were last kept for good. */
    void takeBack() {
        for (int i = changed.size() - 1; i >= 0; i--) {
            D document = before.get(i);
            if (document == null) {
                documents.remove(changed.get(i));
            } else {
                documents.put(changed.get(i), document);
            }
        }
        settle();
    }

    /** Returns a view of all documents, in no order. */
    Map<String, D> view() {
        return Collections.unmodifiableMap(documents);
    }

    @Override
    public @Nullable D get(String key) {
        return documents.get(key);
    }

    @Override
    public void put(String key, D document) {
        before.add(documents.put(key, Objects.requireNonNull(document)));
        changed.add(key);
    }

    @Override
    public void remove(String key) {
        before.add(documents.remove(key));
        changed.add(key);
    }
}
