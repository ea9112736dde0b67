// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;

/**
 * Follows collections whose order depends on hashes through a method's variables, and through fields, parameters and
 * results from method to method. Confined to one thread.
 */
final class HashOrder extends BasicInterpreter {
    /** A collection, a view of one, or a collector of one, whose order depends on hashes. */
    static final BasicValue HASHED = new BasicValue(Type.getObjectType("hashed"));

    private static final Set<String> CLASSES = Set.of(
            "java/util/HashMap",
            "java/util/HashSet",
            "java/util/Hashtable",
            "java/util/IdentityHashMap",
            "java/util/Properties",
            "java/util/WeakHashMap",
            "java/util/concurrent/ConcurrentHashMap",
            "java/util/concurrent/ConcurrentHashMap$KeySetView");

    private static final Set<String> VIEWS = Set.of("keySet", "values", "entrySet", "clone");

    private static final Set<String> ITERATIONS = Set.of(
            "iterator",
            "spliterator",
            "forEach",
            "stream",
            "parallelStream",
            "toArray",
            "toString",
            "keys",
            "elements");

    /** Collectors of hash collections, by name and number of parameters; with more, a supplier names the collection. */
    private static final Set<String> COLLECTORS = Set.of(
            "toSet0",
            "toUnmodifiableSet0",
            "toMap2",
            "toMap3",
            "toUnmodifiableMap2",
            "toUnmodifiableMap3",
            "toConcurrentMap2",
            "toConcurrentMap3",
            "groupingBy1",
            "groupingBy2",
            "groupingByConcurrent1",
            "groupingByConcurrent2");

    /** What those methods of {@code Collections} return that show the collection they are given. */
    private static final Set<String> WRAPPERS = Set.of("java/util/Collection", "java/util/Map", "java/util/Set");

    private static final Set<String> ORDERED_COPIES = Set.of(
            "java/util/ArrayList.<init>",
            "java/util/ArrayList.addAll",
            "java/util/ArrayDeque.<init>",
            "java/util/ArrayDeque.addAll",
            "java/util/Deque.addAll",
            "java/util/LinkedHashMap.<init>",
            "java/util/LinkedHashMap.putAll",
            "java/util/LinkedHashSet.<init>",
            "java/util/LinkedHashSet.addAll",
            "java/util/LinkedList.<init>",
            "java/util/LinkedList.addAll",
            "java/util/List.addAll",
            "java/util/List.copyOf",
            "java/util/concurrent/CopyOnWriteArrayList.<init>",
            "java/lang/String.join",
            "java/lang/String.valueOf",
            "java/lang/StringBuilder.append");

    /** What is known from the methods read so far: fields, results and parameters that are hashed. Grows only. */
    static final class Facts {
        private final Set<String> hashed = new HashSet<>();

        void addField(String owner, String name) {
            hashed.add("field " + owner + "." + name);
        }

        boolean isField(String owner, String name) {
            return hashed.contains("field " + owner + "." + name);
        }

        void addResult(MethodPlace method) {
            hashed.add("result " + method);
        }

        boolean isResult(MethodPlace method) {
            return hashed.contains("result " + method);
        }

        /** Records a hashed argument; {@code slot} counts from 0, {@code this} included where there is one. */
        void addParameter(MethodPlace method, int slot) {
            hashed.add("parameter " + slot + " of " + method);
        }

        boolean isParameter(MethodPlace method, int slot) {
            return hashed.contains("parameter " + slot + " of " + method);
        }

        int size() {
            return hashed.size();
        }
    }

    private final Facts facts;
    private final MethodPlace method;
    private final CallTargets targets;

    HashOrder(Facts facts, MethodPlace method, CallTargets targets) {
        super(Opcodes.ASM9);
        this.facts = facts;
        this.method = method;
        this.targets = targets;
    }

    /** Returns whether this call, of these arguments, takes the order of a hash collection. */
    static boolean takesOrder(MethodInsnNode call, List<? extends BasicValue> arguments) {
        boolean onHashed =
                call.getOpcode() != Opcodes.INVOKESTATIC && arguments.getFirst().equals(HASHED);
        if (onHashed) {
            return ITERATIONS.contains(call.name);
        }
        return arguments.contains(HASHED) && ORDERED_COPIES.contains(call.owner + "." + call.name);
    }

    @Override
    public @Nullable BasicValue newValue(@Nullable Type type) {
        return type != null && type.getSort() == Type.OBJECT && CLASSES.contains(type.getInternalName())
                ? HASHED
                : super.newValue(type);
    }

    @Override
    public @Nullable BasicValue newParameterValue(boolean isInstanceMethod, int local, Type type) {
        return facts.isParameter(method, local) ? HASHED : newValue(type);
    }

    @Override
    public @Nullable BasicValue newOperation(AbstractInsnNode instruction) throws AnalyzerException {
        return isHashedField(instruction) ? HASHED : super.newOperation(instruction);
    }

    @Override
    public @Nullable BasicValue unaryOperation(AbstractInsnNode instruction, BasicValue value)
            throws AnalyzerException {
        boolean cast = instruction.getOpcode() == Opcodes.CHECKCAST && value.equals(HASHED);
        return cast || isHashedField(instruction) ? HASHED : super.unaryOperation(instruction, value);
    }

    @Override
    public @Nullable BasicValue naryOperation(AbstractInsnNode instruction, List<? extends BasicValue> values)
            throws AnalyzerException {
        return switch (instruction) {
            case MethodInsnNode call when isHashed(call, values) -> HASHED;
            case InvokeDynamicInsnNode call -> newValue(Type.getReturnType(call.desc));
            default -> super.naryOperation(instruction, values);
        };
    }

    @Override
    public BasicValue merge(BasicValue first, BasicValue second) {
        boolean hashed = first.equals(HASHED) || second.equals(HASHED);
        return hashed && first.isReference() && second.isReference() ? HASHED : super.merge(first, second);
    }

    private boolean isHashedField(AbstractInsnNode instruction) {
        return instruction instanceof FieldInsnNode field && facts.isField(field.owner, field.name);
    }

    private boolean isHashed(MethodInsnNode call, List<? extends BasicValue> values) {
        int parameters = Type.getArgumentCount(call.desc);
        return switch (call.owner) {
            case "java/util/Set" -> isSetOf(call, parameters, 1) || isView(call, values);
            case "java/util/Map" -> isSetOf(call, parameters, 2) || isView(call, values);
            case "java/util/stream/Collectors" -> COLLECTORS.contains(call.name + parameters);
            case "java/util/stream/Stream" -> call.name.equals("collect") && values.contains(HASHED);
            case "java/util/Collections" ->
                values.contains(HASHED)
                        && WRAPPERS.contains(Type.getReturnType(call.desc).getInternalName());
            case "java/util/Objects" -> values.contains(HASHED) && call.name.startsWith("requireNonNull");
            default -> isView(call, values) || targets.of(call).stream().anyMatch(facts::isResult);
        };
    }

    private static boolean isSetOf(MethodInsnNode call, int parameters, int parametersOfOne) {
        return call.name.equals("copyOf")
                || call.name.equals("ofEntries")
                || (call.name.equals("of")
                        && (parameters > parametersOfOne || call.desc.startsWith("([Ljava/lang/Object;)")));
    }

    private static boolean isView(MethodInsnNode call, List<? extends BasicValue> values) {
        return call.getOpcode() != Opcodes.INVOKESTATIC
                && values.getFirst().equals(HASHED)
                && VIEWS.contains(call.name);
    }
}
