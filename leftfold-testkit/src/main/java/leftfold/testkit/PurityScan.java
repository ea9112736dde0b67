// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import leftfold.decider.Decider;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytecode of a decider for what a pure function does not do: look at clocks, defaults of the machine,
 * randomness, files, networks, the process's environment, threads, objects' identities, changing static fields, or the
 * order of hash collections. For users. Confined to one thread.
 *
 * <pre>{@code
 * PurityScan.of(new SeatDecider()).check();
 * }</pre>
 *
 * <p>It begins in {@code initialState}, {@code evolve} and {@code decide} and follows calls, lambdas, method references
 * and the static initializers of classes whose fields are read, through the classes of the decider's package and those
 * below, and of the packages named by {@link #within}. A call of an interface or an open class is followed into
 * permitted subclasses and into classes that the scanned code creates.
 *
 * <p>It sees a hash collection where one is made ({@code new HashMap}, {@code Set.of} and {@code Map.of} of more than
 * one element, {@code copyOf}, {@code Collectors.toSet}) or declared ({@code HashSet<Seat> seats}), and follows it
 * through variables, fields, parameters and results, not through other collections. It takes every iteration for one
 * that depends on the order; where it does not, as in a sum, a {@code TreeMap} or {@code LinkedHashMap} costs little.
 *
 * <p>It cannot see what libraries outside the packages do, reflection, or classes made elsewhere and handed in as an
 * interface. A lambda that is a field of the decider is found by the class that made it and the interface that it
 * implements, so that class's other lambdas of the same interface are scanned too.
 */
public final class PurityScan {
    /**
     * A use of something that a pure function does not use. Immutable.
     *
     * @param className the class that uses it
     * @param method the method that uses it; a lambda's body has the compiler's name
     * @param line the line in the class's source; 0 if the class file does not tell
     * @param call what is used: class and member
     * @param why what is wrong with it
     */
    public record Finding(String className, String method, int line, String call, String why) {
        /** Returns the finding on one line, its place as in a stack trace. */
        @Override
        public String toString() {
            String outer = className.substring(className.lastIndexOf('.') + 1).replaceFirst("\\$.*", "");
            return className + "." + method + "(" + outer + ".java:" + line + ") uses " + call + ": " + why;
        }
    }

    private final Class<?> type;
    private final ClassFiles files;
    private final PurityWalk walk;
    private List<String> methods = List.of("initialState", "evolve", "decide");

    private PurityScan(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        this.type = type;
        this.files = new ClassFiles(loader == null ? ClassLoader.getSystemClassLoader() : loader);
        this.walk = new PurityWalk(files);
        files.include(type.getPackageName());
    }

    /**
     * Returns a scan of this decider, and of the lambdas and other objects in its fields.
     *
     * @throws IllegalArgumentException if the decider's class has no class file
     */
    public static PurityScan of(Decider<?, ?, ?> decider) {
        PurityScan scan = of(decider.getClass());
        scan.walk.addObject(slashed(decider.getClass()));
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.add(decider);
        scan.addFieldsOf(decider, seen);
        return scan;
    }

    /**
     * Returns a scan of this decider's class.
     *
     * @throws IllegalArgumentException if the class has no class file
     */
    public static PurityScan of(Class<?> decider) {
        PurityScan scan = new PurityScan(decider);
        if (scan.files.find(slashed(decider)).isEmpty()) {
            throw new IllegalArgumentException(
                    decider.getName() + " has no class file to scan; hand in a class that was compiled from a source");
        }
        return scan;
    }

    /** Follows calls into these packages too, and those below; returns this scan. */
    public PurityScan within(String... packages) {
        for (String name : packages) {
            files.include(name);
        }
        return this;
    }

    /** Begins in the decider's methods of these names, instead of all three; returns this scan. */
    public PurityScan methods(String... names) {
        methods = List.of(names);
        return this;
    }

    /**
     * Returns what is found, sorted by class and line; empty if the decider looks pure.
     *
     * @throws IllegalArgumentException if the decider has no method of one of the names
     */
    public List<Finding> findings() {
        List<MethodPlace> roots = new ArrayList<>();
        for (String name : methods) {
            List<MethodPlace> found = rootsNamed(name);
            if (found.isEmpty()) {
                throw new IllegalArgumentException(type.getName() + " has no method " + name + " to begin with");
            }
            roots.addAll(found);
        }
        return walk.findings(roots);
    }

    /**
     * Checks that nothing is found.
     *
     * @throws AssertionError if something is; it names every finding's class and line
     */
    public void check() {
        List<Finding> found = findings();
        if (!found.isEmpty()) {
            throw new AssertionError(type.getName() + " is not pure:\n"
                    + found.stream().map(finding -> "  " + finding).collect(Collectors.joining("\n")));
        }
    }

    private List<MethodPlace> rootsNamed(String name) {
        return files.upFrom(slashed(type)).stream()
                .flatMap(above -> files.find(above).stream())
                .flatMap(above -> above.methods.stream()
                        .filter(method -> method.name.equals(name))
                        .map(method -> new MethodPlace(above.name, method.name, method.desc)))
                .toList();
    }

    private void addFieldsOf(Object object, Set<Object> seen) {
        for (Class<?> above = object.getClass(); above != null; above = above.getSuperclass()) {
            for (Field field : above.getDeclaredFields()) {
                Object value = Modifier.isStatic(field.getModifiers()) ? null : valueOf(field, object);
                if (value != null && seen.add(value) && add(value.getClass())) {
                    addFieldsOf(value, seen);
                }
            }
        }
    }

    /** Adds what can be called of an object of this class; returns whether the object can be looked into. */
    private boolean add(Class<?> made) {
        int lambda = made.getName().indexOf("$$Lambda");
        if (made.isHidden() && lambda > 0) {
            files.include(made.getPackageName());
            for (Class<?> implemented : made.getInterfaces()) {
                walk.addLambdas(made.getName().substring(0, lambda).replace('.', '/'), slashed(implemented));
            }
            return true;
        }
        if (files.find(slashed(made)).isPresent()) {
            walk.addObject(slashed(made));
            walk.addRoots(slashed(made));
            return true;
        }
        return false;
    }

    private static @Nullable Object valueOf(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (InaccessibleObjectException | IllegalAccessException closed) {
            return null;
        }
    }

    private static String slashed(Class<?> type) {
        return type.getName().replace('.', '/');
    }
}
