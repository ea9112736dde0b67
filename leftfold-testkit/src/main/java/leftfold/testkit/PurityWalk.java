// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leftfold.testkit.PurityScan.Finding;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Walks from method to method and collects findings. It walks again and again, until a walk learns nothing new about
 * which objects there are and which values are hash collections. Confined to one thread.
 */
final class PurityWalk {
    private static final String ORDER =
            "the order of a hash collection may differ from run to run; sort it, or use a TreeMap or LinkedHashMap";
    private static final String STATIC = "a static field that changes is no argument of a pure function";
    private static final Set<String> PLAIN_SUPERTYPES = Set.of(
            "java/lang/Object", "java/lang/Record", "java/lang/Enum", "java/lang/Comparable", "java/io/Serializable");

    private final ClassFiles files;
    private final CallTargets targets;
    private final HashOrder.Facts facts = new HashOrder.Facts();
    private final Set<MethodPlace> extraRoots = new LinkedHashSet<>();
    private final Map<InvokeDynamicInsnNode, Step> lambdas = new LinkedHashMap<>();
    private final Set<MethodPlace> reached = new HashSet<>();
    private final Deque<MethodPlace> waiting = new ArrayDeque<>();
    private final Set<Finding> findings = new LinkedHashSet<>();

    /** Where the walk is: what a finding says, and what is on the stack there. */
    private record Step(
            MethodPlace method, int line, @Nullable Frame<BasicValue> frame) {
        /** Returns the last {@code count} values on the stack; fewer where the code cannot be reached. */
        List<BasicValue> stack(int count) {
            List<BasicValue> values = new ArrayList<>();
            for (int i = count; frame != null && i > 0; i--) {
                values.add(frame.getStack(frame.getStackSize() - i));
            }
            return values;
        }
    }

    PurityWalk(ClassFiles files) {
        this.files = files;
        this.targets = new CallTargets(files);
    }

    /** Remembers that there is an object of this class. */
    void addObject(String type) {
        targets.instantiate(type);
    }

    /** Begins also in the methods of this class that code outside the application may call. */
    void addRoots(String type) {
        extraRoots.addAll(calledFromOutside(type));
    }

    /** Begins also in the lambdas of {@code host} that implement {@code type}. */
    void addLambdas(String host, String type) {
        for (ClassNode node : files.find(host).stream().toList()) {
            for (MethodNode method : node.methods) {
                int line = 0;
                for (AbstractInsnNode instruction : method.instructions) {
                    line = instruction instanceof LineNumberNode number ? number.line : line;
                    if (instruction instanceof InvokeDynamicInsnNode made
                            && Type.getReturnType(made.desc).getInternalName().equals(type)) {
                        lambdas.put(made, new Step(new MethodPlace(host, method.name, method.desc), line, null));
                    }
                }
            }
        }
    }

    /** Returns what is found on the ways that begin in {@code roots}, sorted by class and line. */
    List<Finding> findings(List<MethodPlace> roots) {
        int before;
        do {
            before = facts.size() + targets.instantiated();
            findings.clear();
            reached.clear();
            roots.forEach(this::reach);
            extraRoots.forEach(this::reach);
            lambdas.forEach(this::makeLambda);
            while (!waiting.isEmpty()) {
                walk(waiting.remove());
            }
        } while (facts.size() + targets.instantiated() > before);
        return findings.stream()
                .sorted(Comparator.comparing(Finding::className).thenComparingInt(Finding::line))
                .toList();
    }

    private void reach(MethodPlace method) {
        if (reached.add(method)) {
            waiting.add(method);
        }
    }

    private void walk(MethodPlace place) {
        MethodNode method = files.find(place.owner())
                .flatMap(type -> ClassFiles.declared(type, place.name(), place.descriptor()))
                .orElse(null);
        if (method == null || method.instructions.size() == 0) {
            return;
        }
        @Nullable Frame<BasicValue>[] frames = frames(place, method);
        int line = 0;
        for (int i = 0; i < method.instructions.size(); i++) {
            AbstractInsnNode instruction = method.instructions.get(i);
            if (instruction instanceof LineNumberNode number) {
                line = number.line;
            }
            look(instruction, new Step(place, line, frames[i]));
        }
    }

    private @Nullable Frame<BasicValue>[] frames(MethodPlace place, MethodNode method) {
        try {
            return new Analyzer<>(new HashOrder(facts, place, targets)).analyze(place.owner(), method);
        } catch (AnalyzerException e) {
            throw new AssertionError("cannot follow the values in " + place, e);
        }
    }

    private void look(AbstractInsnNode instruction, Step step) {
        switch (instruction) {
            case MethodInsnNode call -> lookAtCall(call, step);
            case InvokeDynamicInsnNode lambda -> makeLambda(lambda, step);
            case FieldInsnNode field -> lookAtField(field, step);
            case TypeInsnNode type
            when type.getOpcode() == Opcodes.NEW -> {
                targets.instantiate(type.desc);
                calledFromOutside(type.desc).forEach(this::reach);
            }
            default -> {
                if (instruction.getOpcode() == Opcodes.ARETURN && step.stack(1).contains(HashOrder.HASHED)) {
                    facts.addResult(step.method());
                }
            }
        }
    }

    private void lookAtCall(MethodInsnNode call, Step step) {
        int count = Type.getArgumentCount(call.desc) + (call.getOpcode() == Opcodes.INVOKESTATIC ? 0 : 1);
        List<BasicValue> arguments = step.stack(count);
        List<MethodPlace> called = targets.of(call);
        lookAtMember(new MethodPlace(call.owner, call.name, call.desc), step);
        if (!arguments.isEmpty() && HashOrder.takesOrder(call, arguments)) {
            report(call.owner, call.name, ORDER, step);
        }
        for (MethodPlace method : called) {
            reach(method);
            passArguments(arguments, method);
        }
    }

    /** Follows a lambda or a method reference as if it were called where it is made. */
    private void makeLambda(InvokeDynamicInsnNode lambda, Step step) {
        List<BasicValue> captured = step.stack(Type.getArgumentCount(lambda.desc));
        boolean text = lambda.bsm.getOwner().equals("java/lang/invoke/StringConcatFactory");
        if (text && captured.contains(HashOrder.HASHED)) {
            report("java/lang/String", "valueOf", ORDER, step);
        }
        for (Object argument : lambda.bsmArgs) {
            if (argument instanceof Handle handle && handle.getTag() >= Opcodes.H_INVOKEVIRTUAL) {
                MethodPlace method = new MethodPlace(handle.getOwner(), handle.getName(), handle.getDesc());
                boolean bound = handle.getTag() == Opcodes.H_INVOKESTATIC || handle.getTag() == Opcodes.H_INVOKESPECIAL;
                lookAtMember(method, step);
                if (handle.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
                    targets.instantiate(handle.getOwner());
                }
                for (MethodPlace called : targets.of(method, bound)) {
                    reach(called);
                    passArguments(captured, called);
                }
            }
        }
    }

    private void passArguments(List<BasicValue> arguments, MethodPlace method) {
        int slot = 0;
        for (BasicValue argument : arguments) {
            if (argument.equals(HashOrder.HASHED)) {
                facts.addParameter(method, slot);
            }
            slot += argument.getSize();
        }
    }

    private void lookAtField(FieldInsnNode field, Step step) {
        if (files.find(field.owner).isEmpty()) {
            lookAtMember(new MethodPlace(field.owner, field.name, ""), step);
        }
        boolean write = field.getOpcode() == Opcodes.PUTFIELD || field.getOpcode() == Opcodes.PUTSTATIC;
        boolean isStatic = field.getOpcode() == Opcodes.PUTSTATIC || field.getOpcode() == Opcodes.GETSTATIC;
        if (write && step.stack(1).contains(HashOrder.HASHED)) {
            facts.addField(field.owner, field.name);
        }
        if (field.getOpcode() == Opcodes.GETFIELD) {
            recordConstructors(field.owner).forEach(this::reach);
        }
        if (isStatic && files.find(field.owner).isPresent()) {
            reach(new MethodPlace(field.owner, "<clinit>", "()V"));
            boolean changes = files.field(field.owner, field.name)
                    .filter(declared -> (declared.access & (Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC)) == 0)
                    .isPresent();
            if (changes && !step.method().name().equals("<clinit>")) {
                report(field.owner, field.name, STATIC, step);
            }
        }
    }

    /** Returns a record's constructors: whoever made the record that is read here, it went through one of them. */
    private List<MethodPlace> recordConstructors(String type) {
        return files.find(type).filter(node -> "java/lang/Record".equals(node.superName)).stream()
                .flatMap(node -> node.methods.stream())
                .filter(method -> method.name.equals("<init>"))
                .map(method -> new MethodPlace(type, method.name, method.desc))
                .toList();
    }

    /** Reports a member of the JDK that is banned, be it called by its own class's name or by a subclass's. */
    private void lookAtMember(MethodPlace member, Step step) {
        for (String owner : targets.outsideOf(member)) {
            String why = BannedCalls.why(owner.replace('/', '.'), member.name(), member.descriptor());
            if (why != null) {
                report(owner, member.name(), why, step);
                return;
            }
        }
    }

    private void report(String owner, String member, String why, Step step) {
        findings.add(new Finding(
                step.method().owner().replace('/', '.'),
                step.method().name(),
                step.line(),
                owner.replace('/', '.') + "." + member,
                why));
    }

    /** Returns the methods of a class that code outside the application may call, such as a comparator's. */
    private List<MethodPlace> calledFromOutside(String type) {
        boolean known = files.upFrom(type).stream()
                .filter(above -> files.find(above).isEmpty())
                .anyMatch(above -> !PLAIN_SUPERTYPES.contains(above) && !above.endsWith("Exception"));
        return files.find(type).filter(node -> known).stream()
                .flatMap(node -> node.methods.stream())
                .filter(method -> !method.name.startsWith("<"))
                .map(method -> new MethodPlace(type, method.name, method.desc))
                .toList();
    }
}
