// SPDX-License-Identifier: Apache-2.0
package leftfold.postgres;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Texts as one text, in PostgreSQL's notation of an array: arrays of arrays must not differ in length there. */
final class TextArray {
    private TextArray() {}

    /** Returns the array of {@code texts}, each of which may be null. */
    static String of(Iterable<? extends @Nullable String> texts) {
        StringBuilder array = new StringBuilder("{");
        for (Iterator<? extends @Nullable String> all = texts.iterator(); all.hasNext(); ) {
            append(array, all.next());
            if (all.hasNext()) {
                array.append(',');
            }
        }
        return array.append('}').toString();
    }

    private static void append(StringBuilder array, @Nullable String text) {
        if (text == null) {
            array.append("NULL");
            return;
        }
        array.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                array.append('\\');
            }
            array.append(c);
        }
        array.append('"');
    }
}
