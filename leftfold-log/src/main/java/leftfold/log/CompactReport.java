// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

/**
 * What a compaction did. Immutable.
 *
 * @param events the number of events that were written once more; 0 if there was nothing to do
 * @param segmentsBefore the number of segments that they were in
 * @param segmentsAfter the number of segments that they are in
 */
public record CompactReport(long events, int segmentsBefore, int segmentsAfter) {}
