// SPDX-License-Identifier: Apache-2.0
package leftfold.cli.imports;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A file's text. Bytes that are no text are refused instead of becoming question marks. */
final class StrictText {
    private StrictText() {}

    /** Returns the text of {@code file}, in the charset that its byte order mark names, else in {@code charset}. */
    static BufferedReader of(ImportFile file, Charset charset) throws IOException {
        InputStream bytes = file.content();
        String beginning = file.beginning();
        Charset marked = charset;
        if (beginning.startsWith("\u00ef\u00bb\u00bf")) {
            marked = StandardCharsets.UTF_8;
            bytes.skipNBytes(3);
        } else if (beginning.startsWith("\u00ff\u00fe")) {
            marked = StandardCharsets.UTF_16LE;
            bytes.skipNBytes(2);
        } else if (beginning.startsWith("\u00fe\u00ff")) {
            marked = StandardCharsets.UTF_16BE;
            bytes.skipNBytes(2);
        }
        return new BufferedReader(new InputStreamReader(
                bytes,
                marked.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    /** Returns what to say about a failure after {@code place}, if it is that bytes are no text; null if it is not. */
    static @Nullable ImportException notText(Place place, Throwable failure) {
        return isNotText(failure)
                ? new ImportException(
                        place, "soon after this line the bytes are no text; name the file's --charset, such as Cp1252")
                : null;
    }

    /** Returns whether {@code failure} is that bytes are no text. */
    static boolean isNotText(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CharacterCodingException) {
                return true;
            }
        }
        return false;
    }
}
