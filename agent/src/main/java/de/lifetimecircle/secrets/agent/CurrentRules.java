package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The rules in force: replaced in one step when their files change, so a request sees the old rules
 * or the new ones. Rules with a mistake change nothing and are reported. Safe for use by several
 * threads.
 */
final class CurrentRules implements Supplier<AccessRules> {
  private static final Logger LOG = System.getLogger("de.lifetimecircle.secrets.agent");

  private final Optional<Path> file;
  private volatile AccessRules rules;

  /** The files, and their states when they were read last; guarded by this object's monitor. */
  private List<Path> sources;

  private List<String> seen;

  private CurrentRules(Optional<Path> file, AccessRules rules, List<Path> sources) {
    this.file = file;
    this.rules = rules;
    this.sources = sources;
    this.seen = states(sources);
  }

  /**
   * Reads the rules for the first time.
   *
   * @param file empty for rules by which only the own user may read
   * @throws SecretException {@code CONFIGURATION} with all mistakes of the file
   */
  static CurrentRules of(Optional<Path> file) {
    if (file.isEmpty()) {
      return new CurrentRules(
          file, AccessRules.onlyFor(System.getProperty("user.name", "")), List.of());
    }
    RulesFile.Content content = RulesFile.read(file.get());
    return new CurrentRules(file, content.rules(), content.sources());
  }

  @Override
  public AccessRules get() {
    return rules;
  }

  /** Reads the rules again if a file of theirs has changed. */
  synchronized void reloadIfChanged() {
    if (!states(sources).equals(seen)) {
      reload();
    }
  }

  /** Reads the rules again. */
  synchronized void reload() {
    if (file.isEmpty()) {
      return;
    }
    seen = states(sources);
    try {
      RulesFile.Content content = RulesFile.read(file.get());
      sources = content.sources();
      seen = states(sources);
      rules = content.rules();
      LOG.log(
          Logger.Level.INFO,
          "The agent uses the rules of {0}: {1} users and tokens.",
          file.get(),
          rules.size());
    } catch (SecretException e) {
      LOG.log(Logger.Level.WARNING, "The rules from before stay in force. {0}", e.getMessage());
    }
  }

  private static List<String> states(List<Path> files) {
    List<String> states = new ArrayList<>();
    for (Path each : files) {
      try {
        BasicFileAttributes now = Files.readAttributes(each, BasicFileAttributes.class);
        states.add(now.lastModifiedTime() + " " + now.size() + " " + now.fileKey());
      } catch (IOException e) {
        states.add("none");
      }
    }
    return states;
  }
}
