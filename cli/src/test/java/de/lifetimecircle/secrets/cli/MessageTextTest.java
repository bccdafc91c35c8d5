package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.spi.ConfigKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * The commands and settings in the messages of all modules exist, also in messages that no scene of
 * {@link AdviceTest} reaches.
 */
class MessageTextTest {
  /** Facts of an environment in the inventory, a service of AWS, and a price. */
  private static final Set<String> NO_SETTINGS =
      Set.of(
          "aws.account",
          "aws.kms-key",
          "aws.secretsmanager",
          "azure.subscription",
          "azure.resource-group",
          "azure.vault",
          "gpg.folder",
          "gpg.user",
          "gpg.group",
          "vault.hours-a-month");

  private static final Pattern KEY =
      Pattern.compile(
          "(?<![\\w./@$-])(?:aws|azure|gpg|vault)\\.[a-z]++(?:-[a-z]++)*+(?!\\(|[.-]?\\w)");

  private static final Pattern SET =
      Pattern.compile("\\b(?:[Ss]et|[Rr]aise|[Ll]ower|setting) ([a-z]+(?:[.-][a-z]+)+)\\b");

  private static final Pattern VARIABLE =
      Pattern.compile(
          "(?<![A-Z_/])SECRETS_(?:(?:AWS|AZURE|GPG|VAULT|AUDIT)_[A-Z_]*[A-Z]|BACKEND|CONFIG|"
              + "OVERRIDES|PREFIX|PUSH|RETRIES)");

  private static List<SourceMessages.Message> having(Pattern form) throws IOException {
    return SourceMessages.below(Path.of(".."), text -> form.matcher(text).find());
  }

  private static Set<String> found(Pattern form, int group) throws IOException {
    Set<String> found = new TreeSet<>();
    for (SourceMessages.Message message : having(form)) {
      Matcher matcher = form.matcher(message.text());
      while (matcher.find()) {
        found.add(matcher.group(group));
      }
    }
    return found;
  }

  private static Set<String> keys() {
    return SecretProviderBuilder.keys().stream().map(ConfigKey::name).collect(Collectors.toSet());
  }

  @Test
  void everySettingThatAMessageNamesExists() throws IOException {
    Set<String> known = new TreeSet<>(keys());
    known.addAll(NO_SETTINGS);
    assertThat(found(KEY, 0)).hasSizeGreaterThan(30).isSubsetOf(known);
    known.addAll(Set.of("secrets.prefix", "secrets.datasource.secret", "secrets.ssl")); // of Boot
    known.add("credentials-provider"); // of Quarkus
    assertThat(found(SET, 1)).hasSizeGreaterThan(10).isSubsetOf(known);
  }

  @Test
  void everyVariableThatAMessageNamesExists() throws IOException {
    Set<String> known =
        keys().stream()
            .map(key -> "SECRETS_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
            .collect(Collectors.toCollection(TreeSet::new));
    known.add("SECRETS_CONFIG");
    assertThat(found(VARIABLE, 0)).hasSizeGreaterThan(10).isSubsetOf(known);
  }

  /** Also a command that another one needs first, or that stands in a file for later. */
  @Test
  void everyCommandThatAMessageNamesIsParsed() throws IOException {
    CommandLine root = CommandTable.whole(new CommandSession(new FakeTerminal(), Map.of()));
    List<String> wrong = new ArrayList<>();
    int parsed = 0;
    for (SourceMessages.Message message : SourceMessages.below(Path.of(".."))) {
      for (String command : AdviceTest.commands(message.text().replace("\u2039", ""))) {
        for (String part : command.split(" \\| (?=secrets )| && | \\|\\| | > |; | {2,}", -1)) {
          List<String> words = words(part);
          if (words.size() > 1 && words.get(0).equals("secrets")) {
            parsed++;
            mistake(root, words.subList(1, words.size()))
                .ifPresent(why -> wrong.add(message.key() + ": " + part + ": " + why));
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(parsed).isGreaterThan(100);
  }

  /** Returns the words, with something in each gap; none if the command itself is a gap. */
  private static List<String> words(String command) {
    List<String> words =
        Arrays.stream(command.replaceAll("'[^']*'|\"[^\"]*\"", "WORD").strip().split("\\s+"))
            .map(word -> word.equals(SourceMessages.HOLE) ? "KEY" : word)
            .map(word -> word.replaceFirst("(?<=\\w)" + SourceMessages.HOLE + "$", ""))
            .toList();
    boolean known =
        words.size() > 1 && !words.get(1).equals("KEY") && !words.get(1).equals("agent");
    return known ? words : List.of();
  }

  private static Optional<String> mistake(CommandLine root, List<String> words) {
    try {
      CommandLine.ParseResult unused = root.parseArgs(words.toArray(new String[0]));
      return Optional.empty();
    } catch (MissingParameterException e) {
      return Optional.empty(); // it is mentioned, not advised; AdviceTest has the others
    } catch (ParameterException e) {
      if ("KEY".equals(e.getValue())) {
        return Optional.empty(); // the gap stands for one of the words that the option takes
      }
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
