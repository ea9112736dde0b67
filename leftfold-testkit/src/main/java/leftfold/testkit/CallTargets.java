// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** Which of the application's methods a call may reach. Confined to one thread. */
final class CallTargets {
    private final ClassFiles files;
    private final Set<String> instantiated = new LinkedHashSet<>();

    CallTargets(ClassFiles files) {
        this.files = files;
    }

    /** Remembers that there are objects of this class; returns whether that is new. */
    boolean instantiate(String type) {
        return files.find(type).isPresent() && instantiated.add(type);
    }

    int instantiated() {
        return instantiated.size();
    }

    /** Returns the methods that the call may reach, the application's only. */
    List<MethodPlace> of(MethodInsnNode call) {
        boolean bound = call.getOpcode() == Opcodes.INVOKESTATIC || call.getOpcode() == Opcodes.INVOKESPECIAL;
        return of(new MethodPlace(call.owner, call.name, call.desc), bound);
    }

    /**
     * Returns the methods that a call of {@code method} may reach, the application's only.
     *
     * @param bound whether no subclass's method takes its place
     */
    List<MethodPlace> of(MethodPlace method, boolean bound) {
        if (files.find(method.owner()).isEmpty()) {
            return List.of();
        }
        Set<MethodPlace> found = new LinkedHashSet<>();
        resolve(method.owner(), method).ifPresent(found::add);
        if (!bound) {
            for (String type : subtypes(method.owner())) {
                resolve(type, method).ifPresent(found::add);
            }
        }
        return List.copyOf(found);
    }

    /** Returns the nearest class at or above the call's that is not the application's: the JDK's, where it ends. */
    List<String> outsideOf(MethodPlace method) {
        if (resolve(method.owner(), method).isPresent()) {
            return List.of();
        }
        return files.upFrom(method.owner()).stream()
                .filter(type -> files.find(type).isEmpty())
                .toList();
    }

    private Optional<MethodPlace> resolve(String type, MethodPlace method) {
        for (String above : files.upFrom(type)) {
            Optional<ClassNode> declaring = files.find(above)
                    .filter(node -> ClassFiles.declared(node, method.name(), method.descriptor())
                            .isPresent());
            if (declaring.isPresent()) {
                return Optional.of(new MethodPlace(above, method.name(), method.descriptor()));
            }
        }
        return Optional.empty();
    }

    private Set<String> subtypes(String type) {
        Set<String> found = new LinkedHashSet<>();
        addPermitted(type, found);
        for (String made : instantiated) {
            if (files.upFrom(made).contains(type)) {
                found.add(made);
            }
        }
        return found;
    }

    private void addPermitted(String type, Set<String> found) {
        List<String> permitted =
                files.find(type).map(node -> node.permittedSubclasses).orElse(new ArrayList<>());
        for (String below : permitted) {
            if (found.add(below)) {
                addPermitted(below, found);
            }
        }
    }
}
