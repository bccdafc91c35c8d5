package de.lifetimecircle.secrets.cli.completion;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.NameCache;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The names that a shell offers: those of the inventory in reach, of the files of the default
 * store, and of the last {@code secrets list}. Opens no store, so it never asks a backend, and
 * reports no failure, because its reader is in the middle of a line. Used once, by one thread.
 *
 * <p>{@code secrets complete names|environments WORDS} prints a name on each line, with a tabulator
 * and its description; WORDS are those of the line so far.
 */
public final class CompletionNames {
  /** The name of the command, which only shells use. */
  public static final String COMMAND = "complete";

  private static final String EXTENSION = ".gpg";
  private static final int DEEPEST = 16;
  private static final int MOST_FILES = 5000;

  private final CommandSession session;
  private final List<String> words;
  private final Map<String, String> found = new TreeMap<>();

  private CompletionNames(CommandSession session, List<String> words) {
    this.session = session;
    this.words = words;
  }

  /** Prints what the arguments ask for. */
  public static void run(CommandSession session, String... args) {
    List<String> words = Arrays.asList(args).subList(Math.min(2, args.length), args.length);
    CompletionNames names = new CompletionNames(session, words);
    if (args.length > 1 && args[1].equals("environments")) {
      names.environments();
    } else if (args.length > 1 && args[1].equals("names")) {
      names.all();
    }
    names.found.forEach(
        (name, text) ->
            session.output().line(text.isEmpty() ? name : name + "\t" + text.replace('\n', ' ')));
  }

  private void environments() {
    try {
      Inventory inventory = inventory();
      for (ServiceEnvironment each : inventory.environments()) {
        found.put(each.name(), "names begin with " + each.prefix());
      }
    } catch (SecretException e) {
      return; // no inventory, or one with mistakes
    }
  }

  private void all() {
    String scheme = scheme();
    if (scheme.equals("gpg")) {
      files();
    }
    NameCache.names(session.environment, scheme).forEach(name -> found.putIfAbsent(name, ""));
    try {
      Inventory inventory = inventory();
      for (ServiceEnvironment each : inventory.environments(option("--environment"))) {
        for (InventorySecret secret : inventory.secrets(each)) {
          found.put(each.stored(secret.name()), secret.description());
          found.put(secret.name(), secret.description());
        }
      }
    } catch (SecretException e) {
      return; // no inventory, no such environment, or one with mistakes
    }
  }

  private Inventory inventory() {
    InventoryOptions options = new InventoryOptions();
    String given = option("--inventory");
    options.inventory = given.isEmpty() ? null : given;
    return options.read();
  }

  /** Returns the argument of an option on the line so far. */
  private String option(String name) {
    int at = words.lastIndexOf(name);
    return at >= 0 && at + 1 < words.size() ? words.get(at + 1) : "";
  }

  private String scheme() {
    String given = option("--backend");
    return given.isEmpty() ? setting("backend", "SECRETS_BACKEND", "gpg") : given;
  }

  private String setting(String key, String variable, String usual) {
    String value = session.environment.getOrDefault(variable, "");
    String config = option("--config");
    String file =
        config.isEmpty() ? session.environment.getOrDefault("SECRETS_CONFIG", "") : config;
    if (value.isEmpty() && !file.isEmpty()) {
      Properties properties = new Properties();
      try (Reader in = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
        properties.load(in);
      } catch (IOException | IllegalArgumentException e) {
        return usual; // the command itself reports a file that cannot be used
      }
      value = properties.getProperty(key, "");
    }
    return value.isEmpty() ? usual : value;
  }

  /** Reads the names of the files of the default store; no content. */
  private void files() {
    String home = session.environment.getOrDefault("HOME", "");
    String data = session.environment.getOrDefault("XDG_DATA_HOME", home + "/.local/share");
    String usual = data + "/lifetimecircle-secrets/store";
    try {
      Path folder = Path.of(setting("gpg.store", "SECRETS_GPG_STORE", usual));
      try (Stream<Path> all = Files.walk(folder, DEEPEST)) {
        all.limit(MOST_FILES)
            .map(file -> folder.relativize(file).toString())
            .filter(name -> name.endsWith(EXTENSION) && !name.startsWith("."))
            .map(name -> name.substring(0, name.length() - EXTENSION.length()))
            .filter(NameCache::isPlain)
            .forEach(name -> found.put(name, ""));
      }
    } catch (IOException | UncheckedIOException | InvalidPathException e) {
      return; // no store here, or one of another user
    }
  }
}
