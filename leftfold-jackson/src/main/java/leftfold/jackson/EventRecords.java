// SPDX-License-Identifier: Apache-2.0
package leftfold.jackson;

import com.fasterxml.jackson.annotation.JacksonAnnotation;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** The records under a sealed interface, at any depth, and whether what they are made of can be read back. */
final class EventRecords {
    private EventRecords() {}

    /**
     * Returns the records under {@code events}, in the order in which they are permitted.
     *
     * @throws IllegalArgumentException if there is anything but records and sealed interfaces, or a component that
     *     Jackson would write but not read
     */
    static Set<Class<?>> of(Class<?> events) {
        Set<Class<?>> records = new LinkedHashSet<>();
        add(events, records);
        Set<Type> checked = new HashSet<>();
        for (Class<?> record : records) {
            checkReadable(record, record, checked);
        }
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

    /** Refuses a sealed type inside {@code record} whose cases Jackson could not tell apart when it reads. */
    private static void checkReadable(Class<?> record, Type type, Set<Type> checked) {
        if (!checked.add(type)) {
            return;
        }
        switch (type) {
            case ParameterizedType generic -> {
                checkReadable(record, generic.getRawType(), checked);
                for (Type argument : generic.getActualTypeArguments()) {
                    checkReadable(record, argument, checked);
                }
            }
            case WildcardType wildcard -> checkReadable(record, wildcard.getUpperBounds()[0], checked);
            case GenericArrayType array -> checkReadable(record, array.getGenericComponentType(), checked);
            case Class<?> plain -> checkClass(record, plain, checked);
            default -> {}
        }
    }

    private static void checkClass(Class<?> record, Class<?> type, Set<Type> checked) {
        if (type.isArray()) {
            checkReadable(record, type.getComponentType(), checked);
        } else if (type.isRecord() && !hasJackson(type)) {
            for (RecordComponent component : type.getRecordComponents()) {
                if (!hasJackson(component.getAccessor())) {
                    checkReadable(record, component.getGenericType(), checked);
                }
            }
        } else if (type.isSealed() && Modifier.isAbstract(type.getModifiers()) && !isOfJdk(type) && !hasJackson(type)) {
            throw new IllegalArgumentException(record.getName() + " has a component of the sealed type "
                    + type.getName() + ", which could not be read back; write Jackson's @JsonTypeInfo on that type");
        }
    }

    /** Returns whether the user has told Jackson how to deal with this. */
    private static boolean hasJackson(AnnotatedElement element) {
        for (Annotation annotation : element.getAnnotations()) {
            if (annotation.annotationType().isAnnotationPresent(JacksonAnnotation.class)) {
                return true;
            }
        }
        return false;
    }

    /** Jackson knows the JDK's own sealed types, such as a time zone's id. */
    private static boolean isOfJdk(Class<?> type) {
        return type.getName().startsWith("java.");
    }
}
