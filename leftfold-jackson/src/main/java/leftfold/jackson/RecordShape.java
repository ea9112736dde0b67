// SPDX-License-Identifier: Apache-2.0
package leftfold.jackson;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leftfold.schema.EventTag;
import leftfold.schema.EventType;
import leftfold.store.Tag;
import org.jspecify.annotations.Nullable;

/**
 * What a record says of itself as an event: name, version and which components are tags. Immutable.
 *
 * @param tags the components that carry {@link EventTag}, in the record's order
 */
record RecordShape(Class<?> record, String type, int version, List<TagComponent> tags) {
    /** A component that is a tag. */
    record TagComponent(String key, Method accessor) {}

    /**
     * Returns the shape of {@code record}.
     *
     * @throws IllegalArgumentException if it has no {@link EventType}, or one that is not usable
     */
    static RecordShape of(Class<?> record) {
        EventType annotation = record.getAnnotation(EventType.class);
        if (annotation == null) {
            throw new IllegalArgumentException(record.getName() + " has no event type; write @EventType(\""
                    + record.getSimpleName() + "\") on it");
        }
        if (annotation.value().isBlank() || annotation.version() < 1) {
            throw new IllegalArgumentException(record.getName()
                    + ": an event type has a name and a version from 1, not '" + annotation.value() + "' and "
                    + annotation.version());
        }
        List<TagComponent> tags = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            EventTag tag = component.getAnnotation(EventTag.class);
            if (tag != null) {
                // the record need not be public
                component.getAccessor().setAccessible(true);
                tags.add(new TagComponent(Tag.of(tag.value(), "").key(), component.getAccessor()));
            }
        }
        return new RecordShape(record, annotation.value(), annotation.version(), List.copyOf(tags));
    }

    /** Returns the tags of {@code event}, a record of this shape: components in order, elements in order. */
    Set<Tag> tagsOf(Object event) {
        Set<Tag> found = new LinkedHashSet<>();
        for (TagComponent component : tags) {
            addTags(component.key(), value(component.accessor(), event), found);
        }
        return found;
    }

    private static void addTags(String key, @Nullable Object value, Set<Tag> into) {
        switch (value) {
            case null -> {}
            case Optional<?> optional -> optional.ifPresent(one -> addTags(key, one, into));
            case Collection<?> many -> many.forEach(one -> addTags(key, one, into));
            case Enum<?> one -> into.add(Tag.of(key, one.name()));
            default -> into.add(Tag.of(key, value.toString()));
        }
    }

    private static @Nullable Object value(Method accessor, Object event) {
        try {
            return accessor.invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read the tag " + accessor + ": " + e.getCause(), e);
        }
    }
}
