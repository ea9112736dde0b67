// SPDX-License-Identifier: Apache-2.0
package leftfold.schema;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import leftfold.store.Data;
import leftfold.store.Tag;

/**
 * What a codec makes of an event: all that the log keeps but id and metadata. Immutable.
 *
 * @param schemaVersion the version of the type's schema that {@code data} follows, from 1
 * @param tags they keep their order
 */
public record EncodedEvent(String type, int schemaVersion, Data data, Set<Tag> tags) {
    /** Copies. */
    public EncodedEvent {
        tags = Collections.unmodifiableSet(new LinkedHashSet<>(tags));
    }
}
