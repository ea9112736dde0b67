// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

/** Which way a read goes through the log. */
public enum Direction {
    /** From the first event towards the last. */
    FORWARDS,
    /** From the last event towards the first. */
    BACKWARDS
}
