package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.cli.frozen.FrozenTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the command line writes about itself: the help of each command, scripts for shells. */
class FrozenCommandsTest extends CommandTest {
  private static final String INVENTORY =
      """
      version: 1
      service: ltc
      owner: security
      environments: {prod: {prefix: p/}}
      secrets: {X: {description: x}}
      """;

  @TempDir Path folder;
  private final List<String> accepted = new ArrayList<>();

  @Test
  void help() {
    FrozenTexts texts = new FrozenTexts("help");
    texts.add("help", succeed("help"));
    addHelp(texts, CommandTable.whole(new CommandSession(new FakeTerminal(), Map.of())), "");
    texts.check();
  }

  private void addHelp(FrozenTexts texts, CommandLine parent, String before) {
    parent
        .getSubcommands()
        .forEach(
            (name, command) -> {
              boolean alias = !command.getCommandName().equals(name);
              if (!alias && !name.equals("help")) {
                texts.add(before + name, succeed((before + name + " --help").split(" ", -1)));
                addHelp(texts, command, before + name + " ");
              }
            });
  }

  @Test
  void completion() {
    FrozenTexts texts = new FrozenTexts("completion");
    for (String shell : List.of("bash", "zsh", "fish")) {
      texts.add(shell, succeed("completion", shell));
    }
    texts.check();
  }

  /**
   * What the command line reports about itself: an unknown option, a missing argument and a wrong
   * word, of every command and of every option that takes one of some words.
   */
  @Test
  void usageErrors() throws IOException {
    FrozenTexts texts = new FrozenTexts("usage").placeholder(folder.toString(), "FOLDER");
    CommandLine root = CommandTable.whole(new CommandSession(new FakeTerminal(), Map.of()));
    List<String> lines = new ArrayList<>(List.of("", "agent", "decide"));
    names(root, "", lines);
    for (String name : lines) {
      addUsageError(texts, (name + " --no-such-option=1").strip());
    }
    for (String line : Files.readAllLines(Path.of("src/test/resources/usage.txt"))) {
      addUsageError(texts, line);
    }
    assertThat(accepted).as("command lines without a mistake").isEmpty();
    texts.check();
  }

  private void names(CommandLine parent, String before, List<String> names) {
    parent
        .getSubcommands()
        .forEach(
            (name, command) -> {
              if (command.getCommandName().equals(name)
                  && !List.of("agent", "decide").contains(name)) {
                names.add(before + name);
                names(command, before + name + " ", names);
              }
            });
  }

  private void addUsageError(FrozenTexts texts, String line) throws IOException {
    Path file = folder.resolve("secrets.yaml");
    Files.writeString(file, INVENTORY);
    String[] words = line.replace("INVENTORY", "--inventory " + file).split(" ", -1);
    if (run(words) != ExitCode.USAGE.code() || !terminal.outText().isEmpty()) {
      accepted.add(line);
    }
    texts.add(line.isEmpty() ? "secrets" : line, terminal.errText());
  }

  /** These print no document of ours: {@code --json} changes nothing. */
  @Test
  void commandsWithoutADocument() throws IOException {
    FrozenTexts texts = new FrozenTexts("no-document");
    texts.add("schema", succeed("schema", "--json"));
    store.holding("p/X", "0bviously-fAke-7Q9x2Zk4");
    Path file = Files.writeString(folder.resolve("secrets.yaml"), INVENTORY);
    String[] redact = {"redact", "--inventory", file.toString(), "--json"};
    FakeTerminal terminal = new FakeTerminal().input(utf8("a 0bviously-fAke-7Q9x2Zk4 b\n"));
    assertThat(runWith(terminal, redact)).as(terminal.errText()).isZero();
    texts.add("redact", terminal.outText() + terminal.errText());
    texts.check();
  }
}
