// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;

/** The class files of the application: those in some packages and below. Names have slashes. Confined to one thread. */
final class ClassFiles {
    /** The newest class file that this ASM reads; newer ones are read as if they were such. */
    private static final int MAJOR_MAX = Opcodes.V25;

    private final ClassLoader loader;
    private final Set<String> packages = new TreeSet<>();
    private final Map<String, Optional<ClassNode>> read = new HashMap<>();

    ClassFiles(ClassLoader loader) {
        this.loader = loader;
    }

    /** Makes the classes of a package, named with dots, and of those below it part of the application. */
    void include(String packageName) {
        packages.add(packageName.replace('.', '/'));
    }

    /** Returns the class if it is the application's and its file is there. */
    Optional<ClassNode> find(String name) {
        if (!isIncluded(name)) {
            return Optional.empty();
        }
        return read.computeIfAbsent(name, this::load);
    }

    /** Returns the class's method; empty if the class does not declare it. */
    static Optional<MethodNode> declared(ClassNode type, String name, String descriptor) {
        return type.methods.stream()
                .filter(method -> method.name.equals(name) && method.desc.equals(descriptor))
                .findFirst();
    }

    /** Returns the class itself and all above it, nearest first; those of the application with their class nodes. */
    List<String> upFrom(String name) {
        List<String> found = new ArrayList<>();
        climb(name, type -> {
            if (!found.contains(type)) {
                found.add(type);
            }
        });
        return found;
    }

    /** Returns the field if the application declares it in the class or above it. */
    Optional<FieldNode> field(String owner, String name) {
        return upFrom(owner).stream()
                .flatMap(type -> find(type).stream())
                .flatMap(type -> type.fields.stream())
                .filter(field -> field.name.equals(name))
                .findFirst();
    }

    private void climb(String name, Consumer<String> visitor) {
        visitor.accept(name);
        find(name).ifPresent(type -> {
            if (type.superName != null) {
                climb(type.superName, visitor);
            }
            type.interfaces.forEach(above -> climb(above, visitor));
        });
    }

    private boolean isIncluded(String name) {
        int end = name.lastIndexOf('/');
        String packageName = end < 0 ? "" : name.substring(0, end);
        return packages.stream()
                .anyMatch(included -> packageName.equals(included)
                        || (!included.isEmpty() && packageName.startsWith(included + "/")));
    }

    private Optional<ClassNode> load(String name) {
        try (InputStream file = loader.getResourceAsStream(name + ".class")) {
            if (file == null) {
                return Optional.empty();
            }
            byte[] bytes = file.readAllBytes();
            int major = ((bytes[6] & 0xff) << 8) | (bytes[7] & 0xff);
            if (major > MAJOR_MAX) {
                bytes[6] = (byte) (MAJOR_MAX >> 8);
                bytes[7] = (byte) MAJOR_MAX;
            }
            ClassNode type = new ClassNode();
            new ClassReader(bytes).accept(type, ClassReader.SKIP_FRAMES);
            return Optional.of(type);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the class file of " + name, e);
        }
    }
}
