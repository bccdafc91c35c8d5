package de.lifetimecircle.secrets.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class CommandHintsTest {
  private static final List<String> STORE =
      List.of("--config a.properties", "--backend aws", "--set a=b", "--set c=d");

  private static final CommandSpec ROTATE =
      command("--config", "--backend", "--set", "--journal DIR")
          .addSubcommand("resume", command("--backend", "--journal DIR"));
  private static final CommandSpec CHECK = command("--backend");
  private static final CommandSpec MIGRATE = command("--backend", "--journal FILE");

  private static CommandSpec command(String... options) {
    CommandSpec spec = CommandSpec.create();
    for (String option : options) {
      String[] parts = option.split(" ", -1);
      String label = parts.length > 1 ? parts[1] : "";
      spec.addOption(OptionSpec.builder(parts[0]).type(String.class).paramLabel(label).build());
    }
    return spec;
  }

  /** Returns the hints of {@code rotate --journal 'my journals'}. */
  private static CommandHints hints() {
    CommandHints hints = new CommandHints(() -> STORE);
    hints.commands(
        name ->
            switch (name) {
              case "rotate" -> Optional.of(ROTATE);
              case "check" -> Optional.of(CHECK);
              case "migrate" -> Optional.of(MIGRATE);
              default -> Optional.empty();
            });
    hints.run(new CommandLine(ROTATE).parseArgs("--journal", "my journals"));
    return hints;
  }

  /** The parser refuses an option that is there twice, and one that the command does not have. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rotate KEY | --config a.properties --backend aws --set a=b --set c=d --journal MINE",
        "rotate KEY --backend gpg | --config a.properties --set a=b --set c=d --journal MINE",
        "rotate resume KEY | --backend aws --journal MINE",
        "check --hooks | --backend aws",
        "migrate gpg aws | --backend aws",
        "of-another-module | --config a.properties --backend aws --set a=b --set c=d"
      })
  void aCommandGetsTheOptionsThatItAccepts(String words, String options) {
    assertThat(hints().complete("secrets " + words))
        .isEqualTo("secrets " + words + " " + options.replace("MINE", "\"my journals\""));
  }

  @Test
  void aRunWithoutOptionsAddsNone() {
    assertThat(new CommandHints(List::of).complete("secrets doctor")).isEqualTo("secrets doctor");
  }
}
