// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import java.util.Collection;
import java.util.List;

/**
 * What one event does to a read model, ready to be done. For those who run projections. Confined to one thread.
 *
 * @param <M> what it writes to
 */
public interface Effect<M> {
    /** Returns the keys of the documents that it looks at, to be fetched together; empty where that is not known. */
    Collection<String> keys();

    /**
     * Writes the change to {@code model}.
     *
     * @throws Exception of the handler; what it wrote before must be taken back
     */
    void apply(M model) throws Exception;

    /** Returns the effect of an event that no handler wants. */
    static <M> Effect<M> none() {
        return new Effect<>() {
            @Override
            public Collection<String> keys() {
                return List.of();
            }

            @Override
            public void apply(M model) {}
        };
    }
}
