package de.lifetimecircle.secrets.cli;

import static java.util.Comparator.reverseOrder;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.AdviceScenes.Pasted;
import de.lifetimecircle.secrets.cli.AdviceScenes.Scene;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pastes every command that a message advises, in the state in which the message is given: an
 * inventory with two environments, in another folder than the current one. A command that is
 * refused there is wrong advice.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdviceTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: prod/}, test: {prefix: test/}}
      hooks:
        apply: [sh, -c, "cat > /dev/null; exit $(cat apply-ends)"]
        test: [sh, -c, "cat > /dev/null; exit $(cat test-ends)"]
        verify: [sh, -c, "cat > /dev/null; exit $(cat verify-ends)"]
        retire: [sh, -c, "cat > /dev/null; exit $(cat retire-ends)"]
      secrets:
        KEY: {description: key, generator: hex 32, rotation: {every: 3 months, grace: 2 hours}}
        HOST: {description: host, rotation: {every: 1 year}}
        URL: {description: url, template: "https://{HOST}/{KEY}"}
      """;
  static final String KEY = "0123456789abcdef".repeat(4);

  /** What a person pastes: quoted, after a colon, or on a line of its own; not what was refused. */
  static final Pattern COMMAND =
      Pattern.compile(
          "(?m)(?<!Cannot run |ritten by )(?:'(?:mkdir -p [^' ]+ && )?(secrets [^']+)'|`(secrets"
              + " [^`]+)`)|(?:^|^ +(?:\\$ )?|: |&& |/env |NEXT +)(secrets (?!of )[a-z].*?)"
              + "(?:(?<! )\\.)?$");

  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  /** What the scenes said, so that no scene is run again to look for the messages. */
  private static final Map<String, String> SAID = new ConcurrentHashMap<>();

  /** Codes of a command that was not accepted. */
  private static final Set<Integer> REFUSED =
      Set.of(
          ExitCode.USAGE.code(),
          ExitCode.CONFLICT.code(),
          ExitCode.INVALID.code(),
          ExitCode.NOT_FOUND.code(),
          ExitCode.INTERNAL.code());

  @TempDir private static Path kept;
  @TempDir private Path folder;
  private AdviceEvents events;

  /** Whether a command of the scene has named its inventory. */
  private boolean named;

  private void begin() {
    events = new AdviceEvents(this, folder, kept);
    named = false;
    try {
      erase(folder);
      Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
      Files.writeString(folder.resolve("empty.yaml"), "");
      for (String step : List.of("apply", "test", "verify", "retire")) {
        ends(step, "0");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.clear();
    environment.put("SECRETS_BACKEND", "fake");
    environment.put("SECRETS_RETRIES", "0");
    use(filled(FakeStore.create()));
  }

  static FakeStore filled(FakeStore empty) {
    return empty
        .holding("prod/KEY", KEY)
        .holding("prod/HOST", "old.example")
        .holding("prod/URL", "https://old.example/" + KEY);
  }

  static void erase(Path place) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      for (Path each : all.filter(path -> !path.equals(place)).sorted(reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private void ends(String step, String code) {
    try {
      Files.writeString(folder.resolve(step + "-ends"), code);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does what a line says; returns what the program printed. */
  private String act(String line) {
    if (line.matches("[a-z]+=\\d")) {
      ends(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
      return "";
    }
    try {
      if (line.startsWith("read ")) {
        return events.read(line.substring("read ".length()));
      }
      if (line.equals("promote on vault")) {
        return AdviceEvents.promotedOnVault();
      }
      if (events.happens(line)) {
        return "";
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String command = command(line);
    named |= command.contains(" --inventory ");
    int unused = paste(command);
    return terminal.outText() + terminal.errText();
  }

  /** Returns the command that a line stands for. */
  private String command(String line) {
    String options = " --environment prod --inventory " + folder.resolve("secrets.yaml");
    String command = line.startsWith("! ") ? line.substring(2) : line + options;
    return "secrets "
        + command
            .replace("$I", options.strip())
            .replace("$A", "--archive https://a.example/s.tar.gz --sha256 " + KEY)
            .replace("$F", folder.toString())
            .replace("$C", "FILE");
  }

  /** Runs a command as a shell does, with what the advice uses of a shell. */
  private int paste(String command) {
    String line =
        command
            .replaceFirst("^mkdir -p \\S+ && ", "")
            .replaceFirst(" > \\S+$", "")
            .replaceFirst(" \\|\\| exit 1$", "")
            .replace("\"$(id -un)\"", "anna");
    if (line.matches(".* init --(inventory|hooks)")) {
      // Where a command has named an inventory, this would write beside the reader instead.
      assertThat(named).as(line).isFalse();
      line += " " + folder + "/new";
    }
    int code = 0;
    byte[] piped = utf8("new.example");
    for (String part : line.split(" \\| (?=secrets )", -1)) {
      code = runOne(part, piped);
      piped = terminal.outBytes.toByteArray();
    }
    return code;
  }

  private int runOne(String line, byte[] input) {
    List<String> args = new ArrayList<>();
    Matcher words = WORD.matcher(line);
    while (words.find()) {
      String word = Stream.of(1, 2, 3).map(words::group).filter(Objects::nonNull).findFirst().get();
      args.add(filled(word, args.isEmpty() ? "" : args.get(args.size() - 1)));
    }
    args.remove(0);
    boolean asks = List.of("emergency", "store", "delete").contains(args.get(0));
    return runWith(
        asks ? events.person() : new FakeTerminal().input(input), args.toArray(new String[0]));
  }

  /** Fills in what the message leaves to its reader. */
  private String filled(String word, String before) {
    try {
      return switch (word) {
        case "FINGERPRINT" -> events.fingerprint();
        case "HOW YOU SAW IT" -> "psql refused the old value";
        case "FILE", "deployment-public-key.asc" ->
            before.equals("--config")
                ? events.configuration().toString()
                : events.certificate().toString();
        case "PROGRAM" -> "true";
        case "NAME", "$NAME", "\"$NAME\"" -> "KEY";
        case "LOG" -> folder.resolve("audit.log").toString();
        case "1" -> before.equals("--version") ? "v1" : word; // as the store in memory names it
        default -> word;
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a command of a document as it is in the folder of the inventory. */
  private String inFolder(String command) {
    String line = command.replaceFirst(" (\\.|FOLDER)(?= |$)", " " + folder);
    line += line.contains("--install-hook") ? " " + folder : "";
    boolean has = line.contains(" --inventory ") || line.startsWith("secrets recipients ");
    return has ? line : line + " --inventory " + folder.resolve("secrets.yaml");
  }

  private String checklist() {
    begin();
    return act("status");
  }

  /** Each in the state in which the checklist shows it: nothing is there yet. */
  @Order(1)
  @Test
  void everyCommandOfTheChecklistIsAccepted() {
    String said = checklist();
    SAID.put("status", said);
    List<String> commands =
        said.lines().map(String::strip).filter(line -> line.startsWith("$ ")).toList();
    assertThat(commands).hasSizeGreaterThan(8).anyMatch(line -> line.contains("--claim"));
    for (String command : commands) {
      begin();
      if (command.startsWith("$ ${EDITOR:-vi} ")) {
        assertThat(Path.of(command.substring("$ ${EDITOR:-vi} ".length()))).exists();
        continue;
      }
      int code = paste(command.substring(2));
      assertThat(REFUSED)
          .as("%s%n%s%s", command, terminal.outText(), terminal.errText())
          .doesNotContain(code);
    }
  }

  private String advice(Scene scene) {
    begin();
    String said = "";
    for (String line : scene.lines()) {
      said = act(line);
    }
    return said;
  }

  static List<String> commands(String said) {
    List<String> commands = new ArrayList<>();
    Matcher matcher = COMMAND.matcher(said);
    while (matcher.find()) {
      commands.add(
          Stream.of(1, 2, 3).map(matcher::group).filter(Objects::nonNull).findFirst().get());
    }
    commands.remove("secrets warm-up"); // of an installation, which DistributionIT tests
    return commands.stream().distinct().toList();
  }

  private List<String> commands(Scene scene, String said) {
    if (!scene.option().isEmpty()) {
      assertThat(said).contains(scene.option());
      String last = scene.lines().get(scene.lines().size() - 1);
      return List.of(command(last) + " " + scene.option());
    }
    return commands(said).stream()
        .filter(Pattern.compile(scene.only()).asPredicate())
        .filter(command -> !command.contains(" --drill")) // of the checklist too, and slow
        .toList();
  }

  static Stream<Scene> scenes() {
    return AdviceScenes.all();
  }

  @Order(1)
  @ParameterizedTest
  @MethodSource("scenes")
  void everyAdvisedCommandIsAccepted(Scene scene) {
    String said = advice(scene);
    SAID.put(scene.title(), said);
    List<String> commands = commands(scene, said);
    assertThat(commands).as(said).hasSize(scene.commands());
    boolean fresh = true;
    for (String command : commands) {
      if (scene.pasted() == Pasted.EACH && !fresh) {
        String unused = advice(scene); // the state again, which the command before has changed
      }
      fresh = false;
      scene.first().forEach(this::act);
      int code = paste(scene.pasted() == Pasted.IN_FOLDER ? inFolder(command) : command);
      assertThat(REFUSED)
          .as("%s after %s%n%s%s", command, said, terminal.outText(), terminal.errText())
          .doesNotContain(code);
    }
  }

  /**
   * A message with a command is in one of the scenes, or in the list with the reason why it is not.
   * A new message needs a scene.
   */
  @Test
  @Order(2)
  void everyMessageWithACommandIsInAScene() throws IOException {
    scenes().forEach(scene -> SAID.computeIfAbsent(scene.title(), title -> advice(scene)));
    SAID.computeIfAbsent("status", title -> checklist());
    List<String> printed = SAID.values().stream().flatMap(String::lines).toList();
    List<String> open =
        SourceMessages.below(Path.of("..")).stream()
            .filter(message -> !message.isIn(printed))
            .map(SourceMessages.Message::key)
            .distinct()
            .sorted()
            .toList();
    List<String> named =
        Files.readAllLines(Path.of("src/test/resources/advice-not-executed.txt")).stream()
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .sorted()
            .toList();
    assertThat(open).isEqualTo(named);
  }
}
