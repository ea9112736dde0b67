// SPDX-License-Identifier: Apache-2.0
/**
 * Real event logs into streams: files of cases and activities, read one event at a time.
 *
 * <p>{@link leftfold.cli.imports.Importer} gives each event its place and appends; an {@code EventSource} reads one
 * format. An event's id comes from its stream and its place there, so the same file again adds nothing.
 */
@NullMarked
package leftfold.cli.imports;

import org.jspecify.annotations.NullMarked;
