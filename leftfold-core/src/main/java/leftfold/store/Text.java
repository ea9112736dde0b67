// SPDX-License-Identifier: Apache-2.0
package leftfold.store;

/**
 * What may stand in a name: any Unicode text but NUL and unpaired surrogates, which not every storage can keep. Nothing
 * is normalised: two names are the same if their code points are.
 */
final class Text {
    private static final int SHOWN_CHARS_MAX = 40;

    private Text() {}

    /** Returns {@code text} if it is not empty, well formed and at most {@code bytesMax} long in UTF-8. */
    static String check(String what, String text, int bytesMax) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty; give it at least one character");
        }
        return checkMaybeEmpty(what, text, bytesMax);
    }

    /** As {@link #check}, but the empty text is allowed. */
    static String checkMaybeEmpty(String what, String text, int bytesMax) {
        int bytes = utf8Bytes(what, text);
        if (bytes > bytesMax) {
            throw new IllegalArgumentException(
                    what + " is " + bytes + " bytes long in UTF-8; the limit is " + bytesMax + ": " + shown(text));
        }
        return text;
    }

    /** Returns the length of {@code text} in UTF-8, in bytes; refuses what UTF-8 or a store cannot keep. */
    static int utf8Bytes(String what, String text) {
        int ascii = asciiPrefix(text);
        int bytes = ascii;
        for (int i = ascii; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new IllegalArgumentException(what + " has a NUL character at index " + i);
            } else if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new IllegalArgumentException(what + " has an unpaired surrogate at index " + i);
            }
        }
        return bytes;
    }

    /** Returns how many characters at the beginning are ASCII and not NUL; as a rule all of them. */
    private static int asciiPrefix(String text) {
        int length = text.length();
        int i = 0;
        while (i < length && (char) (text.charAt(i) - 1) < 0x7f) {
            i++;
        }
        return i;
    }

    /** Returns the beginning of {@code text}, fit for an error message of one line. */
    static String shown(String text) {
        String start = text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "…";
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
