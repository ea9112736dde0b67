// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

/** Opens the stores of one kind, found with {@link java.util.ServiceLoader}. For implementers of stores. */
public interface StoreProvider {
    /** Returns whether {@code location} names a store of this kind; nothing is touched. */
    boolean understands(String location);

    /**
     * Returns whether there is a log at {@code location} already; nothing is changed.
     *
     * @throws StoreException.CannotOpen if that cannot be found out
     */
    boolean exists(String location);

    /**
     * Opens the store at {@code location}, creating it if it is not there.
     *
     * @throws StoreException.CannotOpen if that cannot be done; nothing was changed
     */
    EventStore open(String location);
}
