// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Which modules and packages may know which others: the arrows of architecture.md. */
final class ModuleRules {

    private static final String GROUP = "io.github.leftfold";

    /** What each module's main code may depend on directly. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("leftfold-core", Set.of()),
            Map.entry("leftfold-testkit", Set.of("leftfold-core")),
            Map.entry("leftfold-jackson", Set.of("leftfold-core")),
            Map.entry("leftfold-log", Set.of("leftfold-core")),
            Map.entry("leftfold-jdbc", Set.of("leftfold-core")),
            Map.entry("leftfold-postgres", Set.of("leftfold-core", "leftfold-jdbc")),
            Map.entry(
                    "leftfold-cli",
                    Set.of("leftfold-core", "leftfold-jackson", "leftfold-jdbc", "leftfold-log", "leftfold-postgres")),
            Map.entry("leftfold-example-market-news", Set.of("leftfold-cli", "leftfold-jdbc", "leftfold-postgres")),
            Map.entry("leftfold-example-product-catalog", Set.of("leftfold-jackson", "leftfold-postgres")),
            Map.entry("leftfold-bench", Set.of("leftfold-core", "leftfold-jdbc", "leftfold-log", "leftfold-postgres")),
            Map.entry("leftfold-bench-peers", Set.of("leftfold-bench")),
            Map.entry("leftfold-docs", Set.of()));

    private static final Set<String> NEVER_PUBLISHED = Set.of(
            "leftfold-example-market-news",
            "leftfold-example-product-catalog",
            "leftfold-bench",
            "leftfold-bench-peers",
            "leftfold-docs");

    /** The core's packages; each may import only from those before it. */
    private static final List<String> CORE_PACKAGES =
            List.of("store", "memory", "schema", "decider", "subscription", "projection", "process");

    private static final Pattern CORE_FILE =
            Pattern.compile("leftfold-core/src/main/java/leftfold/(\\w+)/\\w+(-info)?\\.java");
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?leftfold\\.([a-z]\\w*)\\.");

    private ModuleRules() {}

    /** A dependency that a pom declares. */
    private record Dependency(TextFile pom, String module, String group, String artifact, boolean inMain) {

        Finding finding(String message) {
            List<String> lines = pom.lines();
            int line = 1;
            while (line < lines.size() && !lines.get(line - 1).contains("<artifactId>" + artifact + "<")) {
                line++;
            }
            return new Finding(pom.path(), line, message);
        }
    }

    static List<Finding> wrongArrows(Repository repository) {
        return dependencies(repository)
                .filter(Dependency::inMain)
                .flatMap(ModuleRules::wrongArrow)
                .toList();
    }

    private static Stream<Finding> wrongArrow(Dependency dependency) {
        Set<String> allowed = ARROWS.get(dependency.module());
        if (allowed == null) {
            return Stream.of(dependency.finding(dependency.module() + " has no place in architecture.md; give it one"));
        }
        boolean known = !dependency.group().equals(GROUP) || allowed.contains(dependency.artifact());
        return known
                ? Stream.empty()
                : Stream.of(dependency.finding(
                        dependency.module() + " may not depend on " + dependency.artifact() + ", only on " + allowed));
    }

    /** In any scope, for a test is no reason either; only a part of it, in a folder inside it, may. */
    static List<Finding> arrowsToUnpublished(Repository repository) {
        return dependencies(repository)
                .filter(dependency -> NEVER_PUBLISHED.contains(dependency.artifact()))
                .filter(dependency -> !dependency.module().startsWith(dependency.artifact() + "-"))
                .map(dependency -> dependency.finding("nothing depends on " + dependency.artifact()))
                .toList();
    }

    static List<Finding> coreDependencies(Repository repository) {
        return dependencies(repository)
                .filter(dependency -> dependency.module().equals("leftfold-core") && dependency.inMain())
                .filter(dependency -> !dependency.artifact().equals("jspecify"))
                .map(dependency -> dependency.finding("the core depends on JSpecify alone"))
                .toList();
    }

    static List<Finding> coreArrows(Repository repository) {
        return repository.java().flatMap(ModuleRules::coreArrows).toList();
    }

    private static Stream<Finding> coreArrows(TextFile file) {
        Matcher path = CORE_FILE.matcher(file.path());
        if (!path.matches()) {
            return Stream.empty();
        }
        int from = CORE_PACKAGES.indexOf(path.group(1));
        return file.findings(line -> {
            Matcher imported = IMPORT.matcher(line);
            boolean wrong = imported.find() && CORE_PACKAGES.indexOf(imported.group(1)) > from;
            return wrong
                    ? "leftfold." + path.group(1) + " may import only from " + CORE_PACKAGES.subList(0, from + 1)
                    : "";
        });
    }

    /** A published module's folder, artifact and package are one name; the core's package is the root. */
    static List<Finding> foreignPackages(Repository repository) {
        Pattern published = Pattern.compile("leftfold-(\\w+)/src/main/java/(.+)/[^/]+");
        List<Finding> findings = new ArrayList<>();
        for (TextFile file : repository.files()) {
            Matcher path = published.matcher(file.path());
            if (path.matches()) {
                String home = path.group(1).equals("core") ? "leftfold" : "leftfold/" + path.group(1);
                if (!(path.group(2) + "/").startsWith(home + "/")) {
                    findings.add(new Finding(file.path(), 1, "the classes of this folder belong in " + home));
                }
            }
        }
        return findings;
    }

    private static Stream<Dependency> dependencies(Repository repository) {
        return repository.files().stream()
                .filter(file -> file.name().equals("pom.xml") && !file.folder().isEmpty())
                .flatMap(ModuleRules::dependencies);
    }

    private static Stream<Dependency> dependencies(TextFile pom) {
        Element project = parse(pom);
        String module = children(project, "artifactId")
                .findFirst()
                .map(Element::getTextContent)
                .orElse("");
        return children(project, "dependencies")
                .flatMap(dependencies -> children(dependencies, "dependency"))
                .map(dependency -> new Dependency(
                        pom,
                        module,
                        text(dependency, "groupId"),
                        text(dependency, "artifactId"),
                        !text(dependency, "scope").equals("test")));
    }

    private static String text(Element parent, String name) {
        return children(parent, name).findFirst().map(Element::getTextContent).orElse("");
    }

    private static Stream<Element> children(Element parent, String name) {
        NodeList nodes = parent.getChildNodes();
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found.stream();
    }

    private static Element parse(TextFile pom) {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(pom.text())))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException(pom.path() + " is no XML that a pom can be", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
