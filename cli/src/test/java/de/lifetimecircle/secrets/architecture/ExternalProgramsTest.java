package de.lifetimecircle.secrets.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Each program that the code, a test or a script starts is in every Debian, or a line {@code need}
 * installs it. A text is searched for words where a program may stand; a word counts if a program
 * of that name is on the path of this machine, as it is wherever the tests pass.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // all files are read once
class ExternalProgramsTest {
  private static final String WORD = "([a-z][a-z0-9_.+-]*)";
  private static final String LITERAL = "\\(\\s*\"" + WORD + "\"";
  private static final Pattern STARTED =
      Pattern.compile("(?:ProcessBuilder|\\b(?:run|start|output|exec|asRoot|shell))" + LITERAL);
  private static final Pattern LISTED =
      Pattern.compile("(?:List\\.of|asList|Stream\\.of|\\badd|\\baddAll)" + LITERAL);
  private static final Pattern PLACED = Pattern.compile("\"/(?:usr/)?s?bin/" + WORD + "\"");
  private static final Pattern OF_PYTHON =
      Pattern.compile("(?:run|Popen|check_output|check_call)\\(\\s*\\[\\s*\"" + WORD + "\"");

  private static final Pattern OF_UNIT = Pattern.compile("(?m)^Exec\\w+=[-@:+!]*/\\S*/" + WORD);

  /** The first word of a command, also behind words of the shell and programs that start others. */
  private static final Pattern OF_SHELL =
      Pattern.compile(
          "(?m)(?:^|[|;&(!`])[ \\t]*(?:(?:[!{]|then|do|else|exec|if|elif|while|until|xargs|command -v"
              + "|env|nice|sudo|timeout [\\d\"$\\w]+|[A-Z_a-z]+=\\S*)[ \\t]+)*"
              + WORD
              + "(?=[\\s)\"]|$)(?![ |\\w*.-]*\\)\\s)");

  private static final Pattern SHELL_TEXT = Pattern.compile("(?m)(?:^|\\s)#.*$|'[^'\\n]*'");
  private static final Pattern NEED =
      Pattern.compile("\\bneed((?:[ \\\\\\n]+[\\w.+-]+=[\\w.+-]+)+)");
  private static final Pattern NEEDED = Pattern.compile("\\s([\\w.+-]+)=");

  /** Words of the shell, which it does not look for on the path. */
  private static final Set<String> BUILTIN =
      Set.of("cd", "command", "echo", "eval", "exit", "false", "kill", "printf", "pwd", "read");

  private final Map<String, Set<String>> started = new TreeMap<>();
  private Map<String, String> texts = Map.of();
  private Map<String, String> said = Map.of();

  @BeforeAll
  void search() throws IOException, InterruptedException {
    texts = Checkout.texts();
    said = Checkout.named("external-programs.txt");
    texts.forEach(
        (path, text) -> {
          Set<String> words = new TreeSet<>(words(path, text));
          if (path.endsWith(".java")) {
            words.removeIf(
                CommandTable::has); // the tests run a command of ours by the same methods
          }
          words.removeAll(words("no program"));
          started.put(path, words);
        });
  }

  private Set<String> words(String name) {
    return Set.of(said.getOrDefault(name, "").split(" "));
  }

  private static List<String> words(String path, String text) {
    if (path.endsWith(".java")) {
      Stream<String> all = found(text, STARTED, PLACED);
      boolean starts = text.contains("ProcessBuilder") || text.contains("MeasuredProgram");
      return (starts ? Stream.concat(all, found(text, LISTED)) : all).toList();
    }
    if (path.endsWith(".py") || text.startsWith("#!/usr/bin/env python")) {
      return found(text, OF_PYTHON).toList();
    }
    if (path.endsWith(".service")) {
      return found(text, OF_UNIT).toList();
    }
    if (!Checkout.isShell(path, text)) {
      return List.of();
    }
    String commands = SHELL_TEXT.matcher(text).replaceAll(" ");
    return found(commands, OF_SHELL).filter(word -> !BUILTIN.contains(word)).toList();
  }

  private static Stream<String> found(String text, Pattern... patterns) {
    return Stream.of(patterns).flatMap(pattern -> Checkout.found(pattern, text).stream());
  }

  /** What the lines {@code need} of a file install, with what comes along. */
  private Set<String> needs(String path) {
    Set<String> needs = new TreeSet<>();
    for (String pairs : Checkout.found(NEED, texts.get(path))) {
      Checkout.found(NEEDED, pairs).forEach(needs::add);
    }
    for (String need : List.copyOf(needs)) {
      needs.addAll(words("with " + need));
    }
    return needs;
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @Test
  void everyProgramIsInstalledByWhoStartsIt() {
    Set<String> everywhere = new TreeSet<>(words("every Debian"));
    everywhere.addAll(words("if it is there"));
    Set<String> ofTests = needs(".mvn/tools.sh");
    Set<String> missing = new TreeSet<>();
    started.forEach(
        (path, programs) -> {
          Set<String> here = new TreeSet<>(everywhere);
          here.addAll(words(path));
          boolean itself =
              Checkout.isShell(path, texts.get(path))
                  && !texts.get(path).contains("\nneed_for_tests");
          here.addAll(itself ? needs(path) : ofTests);
          programs.stream()
              .filter(program -> !here.contains(program) && isInstalled(program))
              .forEach(program -> missing.add(path + ": " + program));
        });
    assertThat(missing)
        .as("programs without a line `need PROGRAM=PACKAGE`; see .mvn/external-programs.txt")
        .isEmpty();
  }

  @Test
  void everyNameInTheListIsStarted() {
    Set<String> idle = new TreeSet<>();
    Set<String> anywhere = new TreeSet<>();
    started.values().forEach(anywhere::addAll);
    for (String name : List.of("every Debian", "if it is there")) {
      words(name).stream().filter(word -> !anywhere.contains(word)).forEach(idle::add);
    }
    said.forEach(
        (name, rest) -> {
          if (name.startsWith("with ")) {
            words(name).stream().filter(word -> !anywhere.contains(word)).forEach(idle::add);
          } else if (name.contains("/")) {
            Set<String> there = started.getOrDefault(name, Set.of());
            words(name).stream().filter(word -> !there.contains(word)).forEach(idle::add);
          }
        });
    assertThat(idle).as("names in .mvn/external-programs.txt that nothing starts").isEmpty();
  }

  /** The search finds a program in each kind of file. */
  @Test
  void aProgramIsFoundWhereverItStands() {
    assertThat(words("A.java", "new ProcessBuilder(\"pgrep\", \"x\")")).containsExactly("pgrep");
    assertThat(words("A.java", "ProcessBuilder b; List.of(\n \"pgrep\", x)"))
        .containsExactly("pgrep");
    assertThat(words("A.java", "Path.of(\"/usr/bin/pgrep\")")).containsExactly("pgrep");
    assertThat(words("a.py", "subprocess.run([\"pgrep\", name])")).containsExactly("pgrep");
    assertThat(words("a.service", "ExecReload=/bin/pgrep x")).containsExactly("pgrep");
    for (String line :
        List.of(
            "pgrep x",
            "  if ! pgrep x; then",
            "true | pgrep",
            "x=$(pgrep)",
            "LC_ALL=C exec pgrep x",
            "ls | xargs pgrep",
            "env timeout 5 pgrep x")) {
      assertThat(words("a.sh", line)).as(line).contains("pgrep");
    }
    assertThat(words("a.sh", "# pgrep\necho 'a | pgrep'\nkill 1")).isEmpty();
  }
}
