// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

/**
 * What an import did. Immutable.
 *
 * @param name what the names of the streams begin with
 * @param events how many events the file has
 * @param added how many of them were not in the store yet
 * @param streams how many streams the file's events belong to
 */
public record ImportReport(String name, FileFormat format, long events, long added, long streams) {}
