// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews.traffic;

/** What happens between two steps of the traffic. For implementers. */
@FunctionalInterface
public interface Pause {
    /** No pause: as fast as the store goes. */
    Pause NONE = () -> {};

    /** Waits, or does something else. */
    void between() throws InterruptedException;
}
