// SPDX-License-Identifier: Apache-2.0
package leftfold.schema;

import leftfold.store.RecordedEvent;
import org.jspecify.annotations.Nullable;

/** An event's bytes and this program's types do not fit. The message names type, schema version and place. */
public final class SchemaException extends RuntimeException {
    /** Creates the exception; line breaks in {@code message} become spaces. */
    public SchemaException(String message, @Nullable Throwable cause) {
        super(message.replaceAll("\\p{Cntrl}+", " "), cause);
    }

    /** Returns the exception for {@code recorded}, whose type, schema version and place go before {@code reason}. */
    public static SchemaException of(RecordedEvent recorded, String reason, @Nullable Throwable cause) {
        String name = recorded.type() + "@" + recorded.schemaVersion();
        String text = "event " + name + " in stream " + recorded.stream() + " at version " + recorded.version()
                + " (position " + recorded.position() + "): " + reason;
        return new SchemaException(text, cause);
    }
}
