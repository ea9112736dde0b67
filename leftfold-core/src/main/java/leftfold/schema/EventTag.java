// SPDX-License-Identifier: Apache-2.0
package leftfold.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a record component a tag {@code key:value} on its event; a collection gives a tag for each element, null gives
 * none.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface EventTag {
    /** Returns the tag's key. */
    String value();
}
