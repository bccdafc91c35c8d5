package de.lifetimecircle.secrets.agent.rules;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads a file of rules. A line is a rule; {@code #} begins a comment:
 *
 * <pre>
 * inventory /etc/secrets/secrets.yaml prod
 * user app       @service
 * user deploy    LTC_* prod/db/PASSWORD
 * token ci sha256:2cf24d… @ci
 * </pre>
 *
 * <p>A pattern is a name, a prefix with {@code *} at its end, or {@code @READER}: every secret of
 * the inventory before it that names the reader. All mistakes are reported at once.
 */
final class RulesFile {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private final LineFile file;
  private final Map<String, NamePatterns> users = new HashMap<>();
  private final List<AccessRules.TokenRule> tokens = new ArrayList<>();

  /** The names in the inventory above the line, by reader. */
  private final Map<String, List<String>> namesByReader = new HashMap<>();

  private final NamePrefix prefix;
  private final Map<Path, String> sources;
  private boolean hasInventory;

  private RulesFile(Path file, NamePrefix prefix, Map<Path, String> sources) {
    this.file = new LineFile(file);
    this.prefix = prefix;
    this.sources = sources;
  }

  /**
   * Reads a file; blocks for the file system.
   *
   * @param prefix the setting of the agent, whose callers use names without it
   * @param sources gets the files that the rules come from, with their states from before they were
   *     read; also if there are mistakes
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  static AccessRules read(Path file, NamePrefix prefix, Map<Path, String> sources) {
    return new RulesFile(file, prefix, sources).content();
  }

  private AccessRules content() {
    sources.put(file.path(), state(file.path()));
    file.read("use the rules of the agent", this::take);
    return new AccessRules(users, tokens);
  }

  /** Returns the state of a file, which another content changes, and so do other rights on it. */
  static String state(Path file) {
    try {
      Map<String, Object> now = Files.readAttributes(file, "unix:ctime,size,dev,ino");
      return now + " " + TrustedPath.problems(file);
    } catch (IOException e) {
      return "none";
    }
  }

  private void take(int number, List<String> words) {
    switch (words.get(0)) {
      case "inventory" -> inventory(number, words);
      case "user" -> user(number, words);
      case "token" -> token(number, words);
      default -> file.problem(number, "'" + words.get(0) + "'", "user, token or inventory");
    }
  }

  private void user(int number, List<String> words) {
    if (words.size() < 3) {
      file.problem(number, "a user without names", "user NAME PATTERN ...");
    } else {
      users.merge(
          words.get(1), patterns(number, words.subList(2, words.size())), NamePatterns::plus);
    }
  }

  private void token(int number, List<String> words) {
    if (words.size() < 4 || !DIGEST.matcher(words.get(2)).matches()) {
      file.problem(
          number,
          "a token without its digest or names",
          "token NAME sha256:HEX PATTERN ..., as 'secrets agent token NAME' prints it");
    } else if (tokens.stream().anyMatch(token -> token.name().equals(words.get(1)))) {
      file.problem(number, "token '" + words.get(1) + "' again", "each name once");
    } else {
      tokens.add(
          new AccessRules.TokenRule(
              words.get(1),
              words.get(2).substring("sha256:".length()),
              patterns(number, words.subList(3, words.size()))));
    }
  }

  private NamePatterns patterns(int number, List<String> words) {
    List<String> patterns = new ArrayList<>();
    for (String word : words) {
      if (word.startsWith("@")) {
        patterns.addAll(ofReader(number, word.substring(1)));
      } else if (word.indexOf('*') >= 0 && word.indexOf('*') < word.length() - 1) {
        file.problem(number, "'" + word + "'", "'*' only at the end of a pattern");
      } else {
        patterns.add(word);
      }
    }
    return NamePatterns.of(patterns);
  }

  private List<String> ofReader(int number, String reader) {
    List<String> names = namesByReader.getOrDefault(reader, List.of());
    if (!hasInventory) {
      file.problem(number, "'@" + reader + "'", "an 'inventory FILE' in a line before");
    } else if (names.isEmpty()) {
      file.problem(
          number,
          "'@" + reader + "'",
          "a reader of the inventory: " + String.join(", ", namesByReader.keySet()));
    }
    return names;
  }

  private void inventory(int number, List<String> words) {
    if (words.size() < 2 || words.size() > 3) {
      file.problem(number, "an inventory without its file", "inventory FILE [ENVIRONMENT]");
      return;
    }
    hasInventory = true;
    namesByReader.clear(); // a reader is one of this inventory, not of another one's
    Path path = file.path().resolveSibling(words.get(1));
    sources.putIfAbsent(path, state(path)); // as of the first reading, if lines name it twice
    try {
      file.requireTrusted(path);
      Inventory inventory = prefix.complete(Inventory.read(path));
      ServiceEnvironment environment = inventory.environment(words.size() > 2 ? words.get(2) : "");
      prefix.requireAgreement(inventory, environment);
      for (InventorySecret secret : inventory.secrets(environment)) {
        for (String reader : secret.readers()) {
          namesByReader
              .computeIfAbsent(reader, any -> new ArrayList<>())
              .add(prefix.plain(environment.stored(secret.name())));
        }
      }
    } catch (IOException | SecretException e) {
      file.problem(number, String.valueOf(e.getMessage()), "an inventory that can be read");
    }
  }
}
