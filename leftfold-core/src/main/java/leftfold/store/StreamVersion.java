// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

/**
 * A stream and the version it is at. Immutable.
 *
 * @param version the version of its last event; 0 if it does not exist
 */
public record StreamVersion(StreamId stream, long version) {}
