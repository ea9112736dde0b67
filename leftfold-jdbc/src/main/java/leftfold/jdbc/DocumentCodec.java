// SPDX-License-Identifier: Apache-2.0
package leftfold.jdbc;

import java.util.function.Function;

/**
 * Turns documents into text and back. For implementers. Safe for use by many threads.
 *
 * @param <D> a document
 */
public interface DocumentCodec<D> {
    /** Returns {@code document} as text, such as JSON. */
    String toText(D document);

    /** Returns the document that {@link #toText} made {@code text} of. */
    D fromText(String text);

    /** Returns the codec made of two functions, each the other's inverse. */
    static <D> DocumentCodec<D> of(Function<D, String> toText, Function<String, D> fromText) {
        return new DocumentCodec<>() {
            @Override
            public String toText(D document) {
                return toText.apply(document);
            }

            @Override
            public D fromText(String text) {
                return fromText.apply(text);
            }
        };
    }
}
