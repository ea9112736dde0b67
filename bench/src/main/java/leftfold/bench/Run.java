// SPDX-License-Identifier: Apache-2.0
package leftfold.bench;

/**
 * What every case needs.
 *
 * @param folder where to write
 * @param report takes the rows
 * @param progress shows what is under way
 * @param rounds how often and how long
 */
record Run(BenchFolder folder, Report report, Progress progress, Rounds rounds) {}
