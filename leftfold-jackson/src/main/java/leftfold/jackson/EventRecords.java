// SPDX-License-Identifier: Apache-2.0
package leftfold.jackson;

import java.util.LinkedHashSet;
import java.util.Set;

/** The records under a sealed interface, at any depth. */
final class EventRecords {
    private EventRecords() {}

    /**
     * Returns the records under {@code events}, in the order in which they are permitted.
     *
     * @throws IllegalArgumentException if there is anything but records and sealed interfaces
     */
    static Set<Class<?>> of(Class<?> events) {
        Set<Class<?>> records = new LinkedHashSet<>();
        add(events, records);
        return records;
    }

    private static void add(Class<?> type, Set<Class<?>> records) {
        if (type.isRecord()) {
            records.add(type);
        } else if (type.isInterface() && type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                add(permitted, records);
            }
        } else {
            throw new IllegalArgumentException(
                    type.getName() + " is neither a record nor a sealed interface of records; events are records");
        }
    }
}
