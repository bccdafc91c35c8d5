package de.lifetimecircle.secrets.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Each program of the project runs somewhere in {@code ./verify} or {@code ./verify --full}: {@code
 * .mvn/programs.txt} names every program and what runs it, and the text of that mentions the
 * program. So a program that nothing runs cannot rot unseen.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // all files are read once
class ProgramsTest {
  private static final Pattern MAIN = Pattern.compile("static void main\\(");
  private static final Pattern TEST = Pattern.compile(".*(?:Test|Tests|IT|Contract)\\.java");
  private static final Pattern FENCE =
      Pattern.compile("(?ms)^ *```(?:sh|bash|console)$(.*?)^ *```$");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^ *(?:\\$ )?(?:\\./)?((?:[\\w.-]+/)*[\\w.-]+)");
  private static final Pattern FORM =
      Pattern.compile("(?m)^ *(?:\\$ )?((?:\\./verify|bench/run)(?: --(?:full|quick)| [a-z]+)+)");

  /** The forms that run to their end. */
  private static final Pattern WHOLE = Pattern.compile("(?s)\nwhole=\"(.*?)\nbegun=\"");

  /** A class that a script names. */
  private static final Pattern CLASS =
      Pattern.compile("(de\\.lifetimecircle\\.(?:[a-z]\\w*\\.)*[A-Z]\\w*)");

  private static final Pattern INSTALLED =
      Pattern.compile(
          "(?:AwsServer|OpenBaoServer)\\s*\\.\\s*(?:start|local|container)\\("
              + "|Backend\\s*\\.start\\(\\s*+(?!\"(?:gpg|azure|gcp)\")");

  /** What begins everything else. */
  private static final Set<String> ROOTS =
      Set.of("verify", ".mvn/full-check", ".github/workflows/verify.yml");

  private Map<String, String> texts = Map.of();
  private Map<String, String> listed = Map.of();

  @BeforeAll
  void read() throws IOException, InterruptedException {
    texts = Checkout.texts();
    listed = Checkout.named("programs.txt");
  }

  private Set<String> programs() {
    Set<String> programs = new TreeSet<>();
    texts.forEach(
        (path, text) -> {
          if (isProgram(path, text)) {
            programs.add(path);
          }
          String[] parts = path.split("/", -1);
          if (parts[0].equals("examples") && parts.length > 2) {
            programs.add("examples/" + parts[1]);
          }
        });
    return programs;
  }

  private static boolean isProgram(String path, String text) {
    if (path.endsWith(".java")) {
      return MAIN.matcher(text).find() && !TEST.matcher(path).matches();
    }
    return text.startsWith("#!")
        || (path.endsWith(".py") && text.contains("__main__"))
        || (path.startsWith("packaging/") && path.endsWith(".sh"));
  }

  /** How a text calls a program: a class by its name, everything else by its path. */
  private static String called(String program) {
    return program.endsWith(".java")
        ? program.substring(program.lastIndexOf('/') + 1, program.length() - ".java".length())
        : program;
  }

  @Test
  void everyProgramIsInTheListAndEachOfTheListIsThere() {
    Set<String> forgotten = programs();
    Set<String> gone = new TreeSet<>(listed.keySet());
    gone.removeAll(forgotten);
    forgotten.removeAll(listed.keySet());
    assertThat(forgotten).as("programs that .mvn/programs.txt lacks").isEmpty();
    assertThat(gone).as("lines of .mvn/programs.txt without a program").isEmpty();
  }

  @Test
  void whatRunsAProgramMentionsIt() {
    Set<String> wrong = new TreeSet<>();
    listed.forEach(
        (program, how) -> {
          String[] parts = how.split(" as ", 2);
          String text = texts.getOrDefault(parts[0], "");
          if (!text.contains(parts.length > 1 ? parts[1] : called(program))) {
            wrong.add(program + ": " + how);
          }
        });
    assertThat(wrong).as("lines whose file does not mention the program").isEmpty();
  }

  @Test
  void whatRunsAProgramRunsItself() {
    Set<String> idle = new TreeSet<>();
    listed.forEach(
        (program, how) -> {
          if (!isReached(how.split(" as ", 2)[0], listed.size())) {
            idle.add(program + ": " + how);
          }
        });
    assertThat(idle).as("programs that neither ./verify nor a test reaches").isEmpty();
  }

  private boolean isReached(String runner, int steps) {
    if (ROOTS.contains(runner)) {
      return true;
    }
    if (listed.containsKey(runner)) {
      return steps > 0 && isReached(listed.get(runner).split(" as ", 2)[0], steps - 1);
    }
    // A class with tests runs only under a name that surefire or failsafe looks for.
    String text = texts.getOrDefault(runner, "");
    return runner.endsWith("pom.xml")
        || (runner.endsWith(".java")
            && (!text.contains("@Test\n") || TEST.matcher(runner).matches()));
  }

  /** Other forms are cut off, mostly in a build. */
  @Test
  void whatOnlyAFormRunsRunsToItsEnd() {
    List<String> whole = Checkout.found(WHOLE, texts.getOrDefault("tests/forms", ""));
    assertThat(whole).hasSize(1);
    Set<String> cut = new TreeSet<>();
    listed.forEach(
        (program, how) -> {
          String[] parts = how.split(" as ", 2);
          if (parts[0].equals("tests/forms")
              && !whole.get(0).contains(parts.length > 1 ? parts[1] : called(program))) {
            cut.add(program + ": " + how);
          }
        });
    assertThat(cut).as("programs that tests/forms does not run to their end").isEmpty();
  }

  /** The compiler does not read scripts. */
  @Test
  void theScriptsNameClassesThatExist() {
    Set<String> scripts = new TreeSet<>();
    Set<String> gone = new TreeSet<>();
    texts.forEach(
        (path, text) -> {
          if (text.startsWith("#!") || Checkout.isShell(path, text)) {
            for (String name : Checkout.found(CLASS, text)) {
              scripts.add(path);
              if (!isProgram(name)) {
                gone.add(path + ": " + name);
              }
            }
          }
        });
    assertThat(scripts).contains(".mvn/size", "bench/run", "tests/engine/run", "verify");
    assertThat(gone).as("classes in scripts that are no program of this project").isEmpty();
  }

  private boolean isProgram(String className) {
    int dot = className.lastIndexOf('.');
    String file = "/" + className.substring(dot + 1) + ".java";
    String from = "package " + className.substring(0, dot) + ";";
    return listed.keySet().stream()
        .anyMatch(path -> path.endsWith(file) && texts.getOrDefault(path, "").contains(from));
  }

  /** A page that tells its reader to run a script tells of one that is there and runs. */
  @Test
  void everyScriptOnAPageIsInTheList() {
    Set<String> folders =
        texts.keySet().stream()
            .filter(path -> path.contains("/"))
            .map(path -> path.substring(0, path.indexOf('/')))
            .collect(Collectors.toSet());
    Set<String> unknown = new TreeSet<>();
    fences()
        .flatMap(fence -> Checkout.found(COMMAND, fence).stream())
        .filter(word -> word.contains("/") && folders.contains(word.split("/", -1)[0]))
        .filter(word -> !listed.containsKey(word))
        .forEach(unknown::add);
    assertThat(unknown).as("scripts on pages that .mvn/programs.txt lacks").isEmpty();
  }

  @Test
  void everyFormOnAPageStartsFromAFreshClone() {
    String forms = texts.get("tests/forms");
    Set<String> missing = new TreeSet<>();
    fences()
        .flatMap(fence -> Checkout.found(FORM, fence).stream())
        .filter(form -> !forms.contains(form))
        .forEach(missing::add);
    assertThat(missing).as("forms of ./verify and bench/run that tests/forms lacks").isEmpty();
  }

  /** A fresh clone has none of these servers, and {@code ./verify quick} installs none. */
  @Test
  void whatStartsAnInstalledServerIsNotQuick() {
    String slow = texts.get(".mvn/slow-tests.txt");
    Set<String> quick = new TreeSet<>();
    texts.forEach(
        (path, text) -> {
          boolean isTest = path.endsWith("Test.java") && !path.startsWith("tests/applications/");
          String line = path.substring(path.lastIndexOf('/') + 1) + "\n";
          if (isTest && INSTALLED.matcher(text).find() && !slow.contains("/" + line)) {
            quick.add(path);
          }
        });
    assertThat(quick).as("tests that .mvn/slow-tests.txt lacks").isEmpty();
  }

  private Stream<String> fences() {
    return texts.entrySet().stream()
        .filter(page -> page.getKey().endsWith(".md"))
        .flatMap(page -> Checkout.found(FENCE, page.getValue()).stream());
  }
}
