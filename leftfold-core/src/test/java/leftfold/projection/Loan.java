// SPDX-License-Identifier: Apache-2.0
package leftfold.projection;

import leftfold.schema.EventType;
import leftfold.subscription.TextCodec;

/** What happens in a library: the events of these tests. */
sealed interface Loan {
    /** A book was lent to a reader. */
    @EventType("Lent")
    record Lent(String book, String reader) implements Loan {}

    /** A book came back. */
    @EventType("Returned")
    record Returned(String book) implements Loan {}

    /** A book was lost. */
    @EventType("Lost")
    record Lost(String book) implements Loan {}

    /** Returns a codec for these events. */
    static TextCodec<Loan> codec() {
        return new TextCodec<Loan>(loan -> switch (loan) {
                    case Lent(String book, String reader) -> book + "/" + reader;
                    case Returned(String book) -> book;
                    case Lost(String book) -> book;
                })
                .with(
                        Lent.class,
                        text -> new Lent(text.substring(0, text.indexOf('/')), text.substring(text.indexOf('/') + 1)))
                .with(Returned.class, Returned::new)
                .with(Lost.class, Lost::new);
    }
}
