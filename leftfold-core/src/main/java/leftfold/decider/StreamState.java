// SPDX-License-Identifier: Apache-2.0
package leftfold.decider;

/**
 * A stream folded up to one of its versions. Immutable if the state is.
 *
 * @param version the version of the last event in {@code state}; 0 for none
 * @param position the position of that event; 0 for none
 */
public record StreamState<S>(S state, long version, long position) {}
