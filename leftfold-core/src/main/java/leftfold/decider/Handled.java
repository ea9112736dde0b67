// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

import java.util.List;

/**
 * What a command did. Immutable if state and events are.
 *
 * @param state the state after the command's events
 * @param events what the command decided; empty if nothing, and then nothing was written
 * @param version the stream's version after these events; its current version where there are none
 * @param position the position of the event at {@code version}, to wait for in a projection; 0 for none
 * @param repeated whether the command had been handled before, and this is what it did then
 */
public record Handled<S, E>(S state, List<E> events, long version, long position, boolean repeated) {
    /** Copies. */
    public Handled {
        events = List.copyOf(events);
    }
}
