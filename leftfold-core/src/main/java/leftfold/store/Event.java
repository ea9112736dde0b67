// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/**
 * An immutable fact, as it goes into an append.
 *
 * @param id unique within its stream; the same id again is the same event, not another one
 * @param type the name of the fact, past tense, such as {@code OrderPlaced}; 1 to {@link Limits#TYPE_BYTES_MAX} bytes
 * @param schemaVersion the version of the type's schema, from 1
 * @param data what happened
 * @param metadata why and by whom
 * @param tags at most {@link Limits#TAGS_MAX}; they keep their order
 */
public record Event(UUID id, String type, int schemaVersion, Data data, Metadata metadata, Set<Tag> tags) {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if the type is empty or too long, the schema version is below 1, or there are
     *     too many tags
     */
    public Event {
        Text.check("event type", type, Limits.TYPE_BYTES_MAX);
        if (schemaVersion < 1) {
            throw new IllegalArgumentException("a schema version counts from 1, not " + schemaVersion);
        }
        if (tags.size() > Limits.TAGS_MAX) {
            throw new IllegalArgumentException(tags.size() + " tags; the limit is " + Limits.TAGS_MAX);
        }
        tags = tags.isEmpty() ? Set.of() : Collections.unmodifiableSet(new LinkedHashSet<>(tags));
    }

    /** Returns an event of schema version 1 with a random id and no metadata or tags. */
    public static Event of(String type, Data data) {
        return new Event(UUID.randomUUID(), type, 1, data, Metadata.none(), Set.of());
    }

    /** Returns how much it counts in {@link Limits#APPEND_BYTES_MAX}: data, metadata and tags. */
    public long size() {
        long size = data.size() + metadata.size();
        for (Tag tag : tags) {
            size += tag.key().length() + tag.value().length();
        }
        return size;
    }

    /** Returns the same fact under another id. */
    public Event withId(UUID other) {
        return new Event(other, type, schemaVersion, data, metadata, tags);
    }

    /** Returns the same fact with other metadata. */
    public Event withMetadata(Metadata other) {
        return new Event(id, type, schemaVersion, data, other, tags);
    }

    /** Returns the same fact with other tags. */
    public Event withTags(Set<Tag> others) {
        return new Event(id, type, schemaVersion, data, metadata, others);
    }
}
