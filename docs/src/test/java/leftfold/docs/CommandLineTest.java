// SPDX-License-Identifier: Apache-2.0
package leftfold.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import leftfold.cli.Main;
import leftfold.cli.Terminal;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Types every command of docs/guide/06-command-line.md, one after the other on one store, and compares what it prints.
 * Only times and the program's version may differ.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CommandLineTest {

    private static final String PAGE = "docs/guide/06-command-line.md";
    private static final Pattern CONSOLE = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final List<String> STORES = List.of("leftfold-data", "moved");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T[0-9:.]+Z");

    @TempDir
    private Path folder;

    /** A command as it is typed, and what it prints. */
    private record Session(String command, String output) {}

    @Test
    void every_command_prints_what_the_page_says() throws IOException {
        String page = Repository.here().file(PAGE).orElseThrow().text();
        List<Session> sessions = sessions(page);
        assertThat(sessions).hasSizeGreaterThan(20);
        for (Session session : sessions) {
            assertThat(timeless(run(session))).as(session.command()).isEqualTo(timeless(session.output()));
        }
    }

    @Test
    void every_command_of_the_program_is_on_the_page() throws IOException {
        String page = Repository.here().file(PAGE).orElseThrow().text();
        String help = leftfold(List.of("--help"));
        List<String> commands = Pattern.compile("^  ([a-z]+) {2,}\\S", Pattern.MULTILINE)
                .matcher(help)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(commands).contains("import", "verify");
        assertThat(commands).allSatisfy(command -> assertThat(page).contains("./leftfold " + command));
    }

    private static List<Session> sessions(String page) {
        List<Session> sessions = new ArrayList<>();
        for (MatchResult block : CONSOLE.matcher(page).results().toList()) {
            for (String line : block.group(1).lines().toList()) {
                if (line.startsWith("$ ")) {
                    sessions.add(new Session(line.substring(2), ""));
                } else {
                    Session last = sessions.removeLast();
                    sessions.add(new Session(last.command(), last.output() + line + "\n"));
                }
            }
        }
        return sessions;
    }

    private String run(Session session) throws IOException {
        List<String> words = new ArrayList<>();
        for (MatchResult word : WORD.matcher(session.command()).results().toList()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        if (words.getFirst().equals("cat")) {
            Files.writeString(folder.resolve(words.getLast()), session.output());
            return session.output();
        }
        assertThat(words.getFirst()).isEqualTo("./leftfold");
        return leftfold(
                words.subList(1, words.size()).stream().map(this::located).toList());
    }

    /** Returns the path of a store, or of a file that was written by an earlier command; other words as they are. */
    private String located(String word) {
        if (word.startsWith("./") && STORES.contains(word.substring(2))) {
            return folder.resolve(word.substring(2)).toString();
        }
        boolean isFile = word.matches("\\w+\\.\\w+") && Files.exists(folder.resolve(word));
        return isFile ? folder.resolve(word).toString() : word;
    }

    private String leftfold(List<String> arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Map<String, String> environment =
                Map.of("LEFTFOLD_STORE", folder.resolve("leftfold-data").toString());
        Terminal terminal = new Terminal(InputStream.nullInputStream(), printed, printed, environment, false);
        int exitCode = Main.run(terminal, arguments.toArray(String[]::new));
        String text = printed.toString(StandardCharsets.UTF_8);
        for (String store : STORES) {
            text = text.replace(folder.resolve(store).toString(), "./" + store);
        }
        text = text.replace(folder + "/", "");
        assertThat(exitCode).as(text).isEqualTo(text.startsWith("leftfold: ") ? 1 : 0);
        return text;
    }

    private static String timeless(String text) {
        return TIME.matcher(text).replaceAll("TIME").replaceAll("leftfold@[\\w.-]+", "leftfold@VERSION");
    }
}
