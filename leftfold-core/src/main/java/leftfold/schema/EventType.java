// SPDX-License-Identifier: Apache-2.0
package leftfold.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The name under which a record's events stand in the log, whatever its class is called. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EventType {
    /** Returns the name: past tense, and never changed once events of it are stored. */
    String value();

    /** Returns the version of the schema that the record now has, from 1. */
    int version() default 1;
}
