// SPDX-License-Identifier: Apache-2.0
package leftfold.example.marketnews;

/** A command that the rules of the business do not allow. Nothing happened; the message says which rule. */
public final class CommandRefused extends RuntimeException {
    /** Creates the refusal. */
    public CommandRefused(String message) {
        super(message);
    }
}
