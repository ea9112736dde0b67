// SPDX-License-Identifier: Apache-2.0
package leftfold.schema;

/**
 * Brings the data of an old event to the next version of its schema, on read; history is never touched. For
 * implementers: a pure function.
 *
 * @param <T> the codec's tree, such as a JSON object
 */
@FunctionalInterface
public interface Upcaster<T> {
    /** Returns {@code tree}, which follows one schema version, as the next version wants it; may change it in place. */
    T upcast(T tree);
}
