// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.util.Locale;

/** The formats of event logs that can be imported. */
public enum FileFormat {
    /** XML of IEEE 1849. */
    XES,
    /** A header line, then one event a line; separated by commas, semicolons, tabs or bars. */
    CSV,
    /** One JSON object a line. */
    JSONL;

    /** Returns the format that a file's name suggests, or else its first bytes, each of them one character. */
    static FileFormat guess(String fileName, String beginning) {
        String name = fileName.toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
        return switch (plain.substring(plain.lastIndexOf('.') + 1)) {
            case "xes", "xml" -> XES;
            case "csv", "tsv" -> CSV;
            case "jsonl", "ndjson" -> JSONL;
            default -> guess(beginning);
        };
    }

    private static FileFormat guess(String beginning) {
        // Without its NULs, UTF-16 looks like ASCII.
        String text = beginning
                .replaceFirst("^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)", "")
                .replace("\0", "")
                .strip();
        if (text.startsWith("<")) {
            return XES;
        }
        return text.startsWith("{") || text.startsWith("[") ? JSONL : CSV;
    }

    /** Returns the format as the command line writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
