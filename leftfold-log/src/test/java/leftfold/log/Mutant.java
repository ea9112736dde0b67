// SPDX-License-Identifier: Apache-2.0
package leftfold.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A known durability bug, to be put back into the engine on purpose.
 *
 * @param name what is wrong, in words
 * @param file the source file's name
 * @param before the text that stands in the file exactly once
 * @param after the text that takes its place
 * @param suite what is to find it, see {@link MutantSuites}
 */
record Mutant(String name, String file, String before, String after, String suite) {
    private static final String LIST = "mutants.txt";
    private static final Path SOURCES = Path.of("src", "main", "java", "leftfold", "log");

    /** Reads the list: for each mutant a line "# name", a line "file suite", and the two texts between marks. */
    static List<Mutant> all() {
        try (InputStream in = Objects.requireNonNull(Mutant.class.getResourceAsStream(LIST))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<Mutant> found = new ArrayList<>();
            for (String one : text.substring(text.indexOf("\n# ") + 3).split("\n# ", -1)) {
                String[] parts = one.split("\n<<<<\n|\n====\n|\n>>>>", -1);
                String[] head = parts[0].split("\n", -1);
                String[] where = head[1].split(" ", -1);
                found.add(new Mutant(head[0], where[0], parts[1], parts.length == 4 ? parts[2] : "", where[1]));
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the same without the bug. */
    Mutant unchanged() {
        return new Mutant("nothing", file, before, before, suite);
    }

    /** Returns what the suite says of this mutant; an empty text if it finds nothing wrong. */
    String caught(Path folder) throws Exception {
        compile(folder);
        List<URL> urls = new ArrayList<>();
        urls.add(folder.toUri().toURL());
        for (Class<?> type : List.of(LogEventStore.class, Mutant.class)) {
            urls.add(type.getProtectionDomain().getCodeSource().getLocation());
        }
        try (ChildFirst loader = new ChildFirst(urls.toArray(URL[]::new))) {
            var run = Class.forName("leftfold.log.MutantSuites", true, loader).getDeclaredMethod("run", String.class);
            run.setAccessible(true);
            run.invoke(null, suite);
            return "";
        } catch (java.lang.reflect.InvocationTargetException e) {
            return String.valueOf(e.getCause());
        }
    }

    private void compile(Path folder) throws IOException, URISyntaxException {
        String source = Files.readString(SOURCES.resolve(file));
        if (source.split(java.util.regex.Pattern.quote(before), -1).length != 2) {
            throw new AssertionError("the mutant '" + name + "' is to change a text that " + file
                    + " does not have exactly once; repair it in " + LIST + ":\n" + before);
        }
        String mutated = source.replace(before, after);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject unit =
                new SimpleJavaFileObject(new URI("string:///leftfold/log/" + file), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return mutated;
                    }
                };
        java.io.StringWriter problems = new java.io.StringWriter();
        List<String> options =
                List.of("-cp", System.getProperty("java.class.path"), "-d", folder.toString(), "-proc:none", "-nowarn");
        if (!compiler.getTask(problems, null, null, options, null, List.of(unit))
                .call()) {
            throw new AssertionError("the mutant '" + name + "' does not compile:\n" + problems);
        }
    }

    /** Loads the engine and its tests anew, the changed class first. */
    private static final class ChildFirst extends URLClassLoader {
        ChildFirst(URL[] urls) {
            super(urls, Mutant.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("leftfold.log.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
