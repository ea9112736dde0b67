// SPDX-License-Identifier: Apache-2.0
package leftfold.schema;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import leftfold.store.RecordedEvent;

/**
 * The steps that bring old events up to date, one chain for each event type. For implementers of codecs. Immutable.
 *
 * <p>The rule: a type without upcasters is read as it stands, whatever its version up to the current one, for its
 * changes were additive. A type with upcasters has one from each version between its lowest and the current one; an
 * event older than the lowest is refused. Where one step of such a type was additive, its upcaster returns the tree
 * unchanged.
 *
 * @param <T> the codec's tree, such as a JSON object
 */
public final class Upcasters<T> {
    private final Map<String, Integer> versions;
    private final Map<String, NavigableMap<Integer, Upcaster<T>>> chains = new HashMap<>();

    /**
     * One link of a chain.
     *
     * @param fromVersion the schema version that {@code upcaster} takes; it returns the next
     */
    public record Step<T>(String type, int fromVersion, Upcaster<T> upcaster) {}

    /**
     * Creates the chains.
     *
     * @param versions each event type's current schema version
     * @throws IllegalArgumentException if a step is of an unknown type, starts below version 1 or at the current
     *     version or later, is there twice, or is missing between two others or before the current version
     */
    public Upcasters(Map<String, Integer> versions, List<Step<T>> steps) {
        this.versions = new TreeMap<>(versions);
        for (Step<T> step : steps) {
            add(step);
        }
        chains.forEach((type, chain) -> checkComplete(type, chain.firstKey()));
    }

    /**
     * Checks that this program can read the version in which {@code recorded} was written.
     *
     * @throws SchemaException if its type is unknown, or its schema version newer or older than what can be read
     */
    public void check(RecordedEvent recorded) {
        Integer current = versions.get(recorded.type());
        if (current == null) {
            throw SchemaException.of(
                    recorded, "no such type in this program; read only the types that the codec names", null);
        }
        if (recorded.schemaVersion() > current) {
            throw SchemaException.of(
                    recorded,
                    "written by newer code: this program knows versions up to " + current
                            + "; deploy the version that wrote it",
                    null);
        }
        Map<Integer, Upcaster<T>> chain = chain(recorded.type());
        if (needsUpcast(recorded) && !chain.containsKey(recorded.schemaVersion())) {
            throw SchemaException.of(
                    recorded, "no upcaster takes this version; declare one from " + recorded.schemaVersion(), null);
        }
    }

    /** Returns whether {@link #upcast} would change the data of {@code recorded}. */
    public boolean needsUpcast(RecordedEvent recorded) {
        return chain(recorded.type()).ceilingKey(recorded.schemaVersion()) != null;
    }

    /**
     * Returns {@code tree}, the data of {@code recorded}, as the current version of its schema wants it.
     *
     * @throws SchemaException as {@link #check}, or if an upcaster fails
     */
    public T upcast(RecordedEvent recorded, T tree) {
        check(recorded);
        T result = tree;
        for (Map.Entry<Integer, Upcaster<T>> step :
                chain(recorded.type()).tailMap(recorded.schemaVersion(), true).entrySet()) {
            try {
                result = step.getValue().upcast(result);
            } catch (RuntimeException e) {
                throw SchemaException.of(recorded, "its upcaster from version " + step.getKey() + " failed: " + e, e);
            }
        }
        return result;
    }

    private NavigableMap<Integer, Upcaster<T>> chain(String type) {
        return chains.getOrDefault(type, Collections.emptyNavigableMap());
    }

    private void add(Step<T> step) {
        String name = "the upcaster of '" + step.type() + "' from version " + step.fromVersion();
        Integer current = versions.get(step.type());
        if (current == null) {
            throw new IllegalArgumentException(name + " has no event type; the types are " + versions.keySet());
        }
        if (step.fromVersion() < 1) {
            throw new IllegalArgumentException(name + " starts too low; versions count from 1");
        }
        if (step.fromVersion() >= current) {
            throw new IllegalArgumentException(
                    name + " leads beyond the current version " + current + "; raise the type's version");
        }
        if (chains.computeIfAbsent(step.type(), type -> new TreeMap<>()).put(step.fromVersion(), step.upcaster())
                != null) {
            throw new IllegalArgumentException(name + " is declared twice");
        }
    }

    private void checkComplete(String type, int lowest) {
        int current = Objects.requireNonNull(versions.get(type));
        for (int version = lowest; version < current; version++) {
            if (!chain(type).containsKey(version)) {
                throw new IllegalArgumentException("the upcasters of '" + type + "' have a gap: none from version "
                        + version + "; declare one, tree -> tree if that change was additive");
            }
        }
    }
}
