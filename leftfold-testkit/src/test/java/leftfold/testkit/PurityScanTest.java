// SPDX-License-Identifier: Apache-2.0
package leftfold.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leftfold.decider.Decider;
import leftfold.testkit.PurityScan.Finding;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PurityScanTest {
    private static final Path SAMPLES = Path.of("src/test/java/leftfold/testkit/ImpureSamples.java");

    /** A decider made of functions. */
    private record Functions<C, E, S>(S initialState, BiFunction<S, E, S> evolving, BiFunction<S, C, List<E>> deciding)
            implements Decider<C, E, S> {
        @Override
        public S evolve(S state, E event) {
            return evolving.apply(state, event);
        }

        @Override
        public List<E> decide(S state, C command) {
            return deciding.apply(state, command);
        }
    }

    private static Stream<Class<?>> samples() {
        return Stream.of(
                ImpureSamples.Clocks.class,
                ImpureSamples.Defaults.class,
                ImpureSamples.Randomness.class,
                ImpureSamples.Outside.class,
                ImpureSamples.HashOrders.class,
                ImpureSamples.HarmlessOrders.class,
                ImpureSamples.Lambdas.class,
                ImpureSamples.Calls.class);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void exactly_the_marked_lines_are_found(Class<?> sample) throws IOException {
        Map<Integer, String> found = PurityScan.of(sample).methods("evolve").findings().stream()
                .collect(Collectors.toMap(
                        Finding::line, Finding::call, (one, other) -> one + ", " + other, TreeMap::new));

        assertThat(found).isEqualTo(marks(sample.getSimpleName()));
    }

    @Test
    void the_samples_have_marks() throws IOException {
        for (Class<?> sample : samples().toList()) {
            assertThat(marks(sample.getSimpleName()).isEmpty())
                    .as(sample.getSimpleName())
                    .isEqualTo(sample == ImpureSamples.HarmlessOrders.class);
        }
    }

    /** Returns the marks of one sample by line. */
    private static Map<Integer, String> marks(String sample) throws IOException {
        Pattern mark = Pattern.compile("// ([a-z.]+\\..+)$");
        Pattern begin = Pattern.compile("^ {4}static final class (\\w+) \\{$");
        Map<Integer, String> marks = new TreeMap<>();
        List<String> lines = Files.readAllLines(SAMPLES);
        String current = "";
        for (int i = 0; i < lines.size(); i++) {
            Matcher beginning = begin.matcher(lines.get(i));
            Matcher marked = mark.matcher(lines.get(i));
            current = beginning.find() ? beginning.group(1) : current;
            if (current.equals(sample) && marked.find()) {
                marks.put(i + 1, marked.group(1));
            }
        }
        return marks;
    }

    @Test
    void a_finding_names_class_method_line_call_and_reason_on_one_line() {
        Finding finding = PurityScan.of(ImpureSamples.Clocks.class)
                .methods("evolve")
                .findings()
                .getFirst();

        assertThat(finding.className()).isEqualTo("leftfold.testkit.ImpureSamples$Clocks");
        assertThat(finding.method()).isEqualTo("evolve");
        assertThat(finding)
                .hasToString("leftfold.testkit.ImpureSamples$Clocks.evolve(ImpureSamples.java:" + finding.line()
                        + ") uses java.time.Instant.now: the clock differs from run to run;"
                        + " let the event or the command carry the time");
    }

    @Test
    void a_pure_decider_passes() {
        assertThat(PurityScan.of(new SeatDecider()).findings()).isEmpty();
        assertThat(PurityScan.of(SeatDecider.class).findings()).isEmpty();
        assertThatCode(() -> PurityScan.of(new SeatDecider()).check()).doesNotThrowAnyException();
    }

    @Test
    void a_failed_check_names_every_finding() {
        PurityScan scan = PurityScan.of(ImpureSamples.Randomness.class).methods("evolve");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(scan::check)
                .withMessageStartingWith("leftfold.testkit.ImpureSamples$Randomness is not pure:\n")
                .satisfies(failure -> {
                    for (Finding finding : scan.findings()) {
                        assertThat(failure).hasMessageContaining(finding.toString());
                    }
                });
    }

    @Test
    void all_three_functions_are_scanned_unless_told_otherwise() {
        Decider<String, String, String> decider = new Decider<>() {
            @Override
            public String initialState() {
                return "" + System.nanoTime();
            }

            @Override
            public String evolve(String state, String event) {
                return state + Math.random();
            }

            @Override
            @SuppressWarnings("StringCaseLocaleUsage") // what the scan is to find
            public List<String> decide(String state, String command) {
                return List.of(command, command.toLowerCase());
            }
        };

        assertThat(PurityScan.of(decider).findings())
                .extracting(Finding::method)
                .containsExactly("initialState", "evolve", "decide");
        assertThat(PurityScan.of(decider).methods("evolve").findings())
                .extracting(Finding::call)
                .containsExactly("java.lang.Math.random");
    }

    @Test
    void the_functions_that_a_decider_holds_are_scanned() {
        long started = 3;
        Decider<String, String, String> decider = new Functions<>(
                "", (state, event) -> state + started + System.nanoTime(), (state, command) -> List.of(command));
        Decider<String, String, String> pure = new Functions<>("", String::concat, PurityScanTest::decidePurely);

        assertThat(PurityScan.of(decider).findings()).anySatisfy(finding -> {
            assertThat(finding.call()).isEqualTo("java.lang.System.nanoTime");
            assertThat(finding.className()).isEqualTo("leftfold.testkit.PurityScanTest");
            assertThat(finding.line()).isPositive();
        });
        assertThat(PurityScan.of(pure).findings())
                .as("lambdas of the same class and interface are scanned too")
                .extracting(Finding::call)
                .containsOnly("java.lang.System.nanoTime");
        assertThat(PurityScan.of(PureFunctions.decider()).findings()).isEmpty();
    }

    private static List<String> decidePurely(String state, String command) {
        return List.of(state, command);
    }

    /** Makes a decider of functions in a class that has no other lambdas. */
    private static final class PureFunctions {
        static Decider<String, String, String> decider() {
            return new Functions<>("", (state, event) -> state + event, (state, command) -> List.of(command));
        }
    }

    @Test
    void a_collaborator_in_a_field_is_scanned() {
        record Collaborator() implements BiFunction<String, String, String> {
            @Override
            public String apply(String state, String event) {
                return state + Math.random();
            }
        }
        Decider<String, String, String> decider =
                new Functions<>("", new Collaborator(), new BiFunction<String, String, List<String>>() {
                    @Override
                    public List<String> apply(String state, String command) {
                        return List.of(command + System.nanoTime());
                    }
                });

        assertThat(PurityScan.of(decider).findings())
                .extracting(Finding::call)
                .containsExactlyInAnyOrder("java.lang.Math.random", "java.lang.System.nanoTime");
    }

    @Test
    void other_packages_are_followed_only_where_named() {
        PurityScan scan = PurityScan.of(CallsElsewhere.class).methods("evolve");

        assertThat(scan.findings()).isEmpty();
        assertThat(scan.within("leftfold.memory").findings())
                .extracting(Finding::className)
                .contains("leftfold.memory.MemoryEventStore");
    }

    /** Uses a class of another package that makes a random id. */
    static final class CallsElsewhere {
        Object evolve(Object state, Object event) {
            return new leftfold.memory.MemoryEventStore();
        }
    }

    @Test
    void a_class_without_a_class_file_or_without_the_method_is_refused() {
        Runnable lambda = () -> {};

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PurityScan.of(lambda.getClass()))
                .withMessageContaining("no class file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PurityScan.of(ImpureSamples.Clocks.class).findings())
                .withMessageContaining("no method initialState");
    }

    @Test
    void class_files_of_a_later_java_are_read() throws ReflectiveOperationException {
        ClassLoader later = new LaterClassFiles(getClass().getClassLoader());
        Class<?> sample = later.loadClass(ImpureSamples.Randomness.class.getName());

        assertThat(sample.getClassLoader()).isSameAs(later);
        assertThat(new TreeSet<>(PurityScan.of(sample).methods("evolve").findings().stream()
                        .map(Finding::call)
                        .toList()))
                .contains("java.lang.Math.random", "java.util.UUID.randomUUID");
    }

    /** Defines the samples itself, and hands out their files as if a Java to come had compiled them. */
    private static final class LaterClassFiles extends ClassLoader {
        LaterClassFiles(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(ImpureSamples.class.getName())) {
                return super.loadClass(name, resolve);
            }
            byte[] bytes = bytes(name.replace('.', '/') + ".class");
            return defineClass(name, bytes, 0, bytes.length);
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            byte[] bytes = bytes(name);
            bytes[7] = 120;
            return new ByteArrayInputStream(bytes);
        }

        private byte[] bytes(String name) {
            try (InputStream file = getParent().getResourceAsStream(name)) {
                assertThat(file).isNotNull();
                return file.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
