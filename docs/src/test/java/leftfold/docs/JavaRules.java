// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** What STYLE.md says of Java files, each rule as the places that break it. */
final class JavaRules {

    static final int FILE_LINES_MAX = 400;
    static final int LINE_CHARS_MAX = 120;
    static final int METHOD_LINES_MAX = 60;
    static final int PARAMETERS_MAX = 5;

    private static final String LICENSE = "// SPDX-License-Identifier: Apache-2.0";
    private static final Pattern LEFT_IN = Pattern.compile("\\b(TODO|FIXME|XXX)\\b|@author\\b");
    private static final Pattern EMPTY_NAME =
            Pattern.compile("(Default|Abstract)[A-Z].*|.*(Impl|Manager|Util|Utils|Helper)");
    private static final Set<String> BANNED_CALLS =
            Set.of("Instant.now", "Thread.sleep", "System.out", "System.currentTimeMillis", "LocalDateTime.now");

    private final Repository repository;
    private final JavaTrees trees;

    JavaRules(Repository repository) {
        this.repository = repository;
        this.trees = new JavaTrees(repository);
    }

    List<Finding> longFiles() {
        return repository
                .java()
                .filter(file -> file.lines().size() > FILE_LINES_MAX)
                .map(file -> new Finding(
                        file.path(), FILE_LINES_MAX + 1, "more than 400 lines; split the file by responsibility"))
                .toList();
    }

    List<Finding> longLines() {
        return repository
                .java()
                .flatMap(file -> file.findings(line ->
                        line.codePointCount(0, line.length()) > LINE_CHARS_MAX ? "more than 120 characters" : ""))
                .toList();
    }

    List<Finding> filesWithoutLicense() {
        return repository
                .java()
                .filter(file -> !file.text().startsWith(LICENSE + "\n"))
                .map(file -> new Finding(file.path(), 1, "the first line is to be: " + LICENSE))
                .toList();
    }

    List<Finding> packagesWithoutDescription() {
        return repository
                .java()
                .filter(TextFile::isMainJava)
                .map(TextFile::folder)
                .distinct()
                .flatMap(this::undescribed)
                .toList();
    }

    private Stream<Finding> undescribed(String folder) {
        String path = folder + "/package-info.java";
        String text = repository.file(path).map(TextFile::text).orElse("");
        return text.contains("\n@NullMarked\n") && text.contains("/**")
                ? Stream.empty()
                : Stream.of(new Finding(path, 1, "a package has a package-info with Javadoc and @NullMarked"));
    }

    List<Finding> longMethods() {
        return trees.findings(
                path -> true,
                (unit, tree) -> tree instanceof MethodTree && unit.lineCount(tree) > METHOD_LINES_MAX
                        ? "a method of " + unit.lineCount(tree) + " lines; the limit is " + METHOD_LINES_MAX
                        : "");
    }

    List<Finding> longParameterLists() {
        return trees.findings(
                path -> true, (unit, tree) -> tree instanceof ClassTree type ? longParameterList(unit, type) : "");
    }

    private static String longParameterList(JavaTrees.Unit unit, ClassTree type) {
        return type.getMembers().stream()
                .filter(MethodTree.class::isInstance)
                .map(MethodTree.class::cast)
                .filter(method -> method.getParameters().size() > PARAMETERS_MAX && !isOfRecord(type, method))
                .map(method -> method.getName() + " in line " + unit.firstLine(method) + " has "
                        + method.getParameters().size() + " parameters; make a record of those that belong together")
                .findFirst()
                .orElse("");
    }

    /** A record may have more components: each is a name of its own already. */
    private static boolean isOfRecord(ClassTree type, MethodTree method) {
        return type.getKind() == Tree.Kind.RECORD && method.getName().contentEquals("<init>");
    }

    List<Finding> bannedCalls() {
        return trees.findings(path -> path.contains("src/main/"), (unit, tree) -> switch (tree) {
            case MemberSelectTree select -> bannedCall(select.getExpression(), select.getIdentifier());
            case MemberReferenceTree method -> bannedCall(method.getQualifierExpression(), method.getName());
            case SynchronizedTree block -> "synchronized pins virtual threads; use a ReentrantLock";
            case ModifiersTree modifiers
            when modifiers.getFlags().contains(Modifier.SYNCHRONIZED) ->
                "synchronized pins virtual threads; use a ReentrantLock";
            default -> "";
        });
    }

    private static String bannedCall(ExpressionTree of, CharSequence name) {
        CharSequence type = switch (of) {
            case IdentifierTree simple -> simple.getName();
            case MemberSelectTree qualified -> qualified.getIdentifier();
            default -> "";
        };
        String call = type + "." + name;
        return BANNED_CALLS.contains(call)
                ? call + " is banned here; take the time, the wait or the stream as an argument"
                : "";
    }

    List<Finding> leftIn() {
        return repository
                .java()
                .filter(file -> !file.path().startsWith("docs/src/test/"))
                .flatMap(file -> file.findings(LEFT_IN, "no notes to oneself and no authors in the code"))
                .toList();
    }

    List<Finding> emptyNames() {
        return trees.findings(
                path -> true,
                (unit, tree) -> tree instanceof ClassTree type
                                && isEmpty(type.getSimpleName().toString())
                        ? "the name " + type.getSimpleName() + " says nothing; name it by what differs"
                        : "");
    }

    /** A process manager is a term of its own. */
    private static boolean isEmpty(String name) {
        return EMPTY_NAME.matcher(name).matches() && !name.endsWith("ProcessManager");
    }

    List<Finding> skippedTests() {
        return trees.findings(
                path -> path.contains("src/test/") || path.startsWith("leftfold-testkit/"),
                (unit, tree) -> switch (tree) {
                    case AnnotationTree annotation
                    when annotation.getAnnotationType().toString().matches(".*(Disabled|Enabled)\\w*") ->
                        "a test that is switched off proves nothing; remove it or make it pass";
                    case IdentifierTree name
                    when isAssumption(name.getName().toString()) ->
                        "a test with an assumption passes without a proof; make it fail instead";
                    default -> "";
                });
    }

    private static boolean isAssumption(String name) {
        return name.equals("Assumptions") || name.matches("assum(e|ing)[A-Z]\\w*");
    }
}
