// SPDX-License-Identifier: Apache-2.0
package leftfold.bench.postgres;

import leftfold.bench.PeerEvent;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.ChainingConverter;
import org.axonframework.serialization.Converter;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;

/** Keeps payloads that are bytes already, and no metadata: the workload has none, and how to write it costs no time. */
final class AsIs implements Serializer {
    private static final byte[] NO_METADATA = {'{', '}'};

    private final Converter converter = new ChainingConverter();

    @Override
    public <T> SerializedObject<T> serialize(Object object, Class<T> form) {
        byte[] bytes = object instanceof byte[] payload ? payload : NO_METADATA;
        return new SimpleSerializedObject<>(form.cast(bytes), form, typeForClass(object.getClass()));
    }

    @Override
    public <T> boolean canSerializeTo(Class<T> form) {
        return form == byte[].class;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the interface has it
    public <S, T> T deserialize(SerializedObject<S> serialized) {
        return (T) (isMetadata(serialized.getType()) ? MetaData.emptyInstance() : serialized.getData());
    }

    private static boolean isMetadata(SerializedType type) {
        return type.getName().equals(MetaData.class.getName());
    }

    @Override
    public Class<?> classForType(SerializedType type) {
        return isMetadata(type) ? MetaData.class : byte[].class;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public SerializedType typeForClass(Class type) {
        return new SimpleSerializedType(type == MetaData.class ? MetaData.class.getName() : PeerEvent.TYPE, null);
    }

    @Override
    public Converter getConverter() {
        return converter;
    }
}
