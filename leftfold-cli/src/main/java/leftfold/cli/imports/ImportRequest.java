// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.nio.charset.Charset;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to import, and how to read it. Immutable.
 *
 * @param format null to guess it from name and content
 * @param name what the names of the streams begin with; null for the file's name up to its first dot
 * @param columns what names cases, activities and times
 * @param separator what separates the columns of a CSV file; null to guess it from the header
 * @param charset of a text file without a byte order mark; XES says its own
 */
public record ImportRequest(
        Path file,
        @Nullable FileFormat format,
        @Nullable String name,
        Columns columns,
        @Nullable Character separator,
        Charset charset) {

    /**
     * Columns of CSV, keys of JSON, attributes of XES; null to guess.
     *
     * @param caseId names the case
     * @param activity names what happened
     * @param time says when
     */
    public record Columns(
            @Nullable String caseId,
            @Nullable String activity,
            @Nullable String time) {
        /** Returns whether nothing was named. */
        boolean guessed() {
            return caseId == null && activity == null && time == null;
        }
    }

    /** Returns the file's own name, without its folder. */
    String fileName() {
        Path fileName = file.getFileName();
        return fileName == null ? file.toString() : fileName.toString();
    }

    /**
     * Returns what the names of the streams begin with.
     *
     * @throws ImportException if the file's name has nothing before its first dot
     */
    String streamPrefix() {
        if (name != null) {
            return name;
        }
        String fileName = fileName();
        int end = fileName.indexOf('.');
        String prefix = (end < 0 ? fileName : fileName.substring(0, end)).replace('-', '_');
        if (prefix.isEmpty()) {
            throw new ImportException(fileName + " begins with a dot; name its streams with --name");
        }
        return prefix;
    }
}
