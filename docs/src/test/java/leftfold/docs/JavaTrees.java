// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Java files as the compiler's parser sees them, so that a rule meets code and never comments or strings. */
final class JavaTrees {

    private final List<CompilationUnitTree> units = new ArrayList<>();
    private final SourcePositions positions;

    /** Parses the repository's Java files; nothing is compiled. */
    JavaTrees(Repository repository) {
        List<Source> sources = repository.java().map(Source::new).toList();
        JavacTask task = (JavacTask)
                ToolProvider.getSystemJavaCompiler().getTask(null, null, null, List.of("-proc:none"), null, sources);
        positions = Trees.instance(task).getSourcePositions();
        if (!sources.isEmpty()) {
            parse(task).forEach(units::add);
        }
    }

    /**
     * Returns a finding for each tree of the files at {@code paths} that {@code complaint} has something to say about;
     * empty if it has nothing.
     */
    List<Finding> findings(Predicate<String> paths, BiFunction<JavaTrees.Unit, Tree, String> complaint) {
        return units.stream()
                .map(unit -> new Unit(unit, positions))
                .filter(unit -> paths.test(unit.path()))
                .flatMap(unit -> findings(unit, complaint))
                .toList();
    }

    private static Stream<Finding> findings(Unit unit, BiFunction<Unit, Tree, String> complaint) {
        List<Finding> findings = new ArrayList<>();
        new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
                String message = tree == null ? "" : complaint.apply(unit, tree);
                if (tree != null && !message.isEmpty()) {
                    findings.add(new Finding(unit.path(), unit.firstLine(tree), message));
                }
                return super.scan(tree, null);
            }
        }.scan(unit.tree(), null);
        return findings.stream();
    }

    private static Iterable<? extends CompilationUnitTree> parse(JavacTask task) {
        try {
            return task.parse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A parsed file, and where its trees stand in it. */
    record Unit(CompilationUnitTree tree, SourcePositions positions) {

        String path() {
            return tree.getSourceFile().getName().substring(1);
        }

        int firstLine(Tree part) {
            return line(positions.getStartPosition(tree, part));
        }

        int lineCount(Tree part) {
            return line(positions.getEndPosition(tree, part)) - firstLine(part) + 1;
        }

        private int line(long character) {
            return (int) tree.getLineMap().getLineNumber(Math.max(0, character));
        }
    }

    /** A tracked file for the parser. */
    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(TextFile file) {
            super(URI.create("tracked:/" + file.path()), JavaFileObject.Kind.SOURCE);
            this.text = file.text();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
