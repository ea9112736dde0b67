// SPDX-License-Identifier: Apache-2.0
package leftfold.schema;

import org.jspecify.annotations.Nullable;

/** An event's bytes and this program's types do not fit. The message names type, schema version and place. */
public final class SchemaException extends RuntimeException {
    /** Creates the exception. */
    public SchemaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
