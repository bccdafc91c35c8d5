package de.lifetimecircle.secrets.agent.rules;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.NamePrefix;
import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The rules in force: replaced in one step when their files change, so a request sees the old rules
 * or the new ones. Rules with a mistake change nothing and are reported. Safe for use by several
 * threads.
 */
public final class CurrentRules implements Supplier<AccessRules> {
  private static final Logger LOG = System.getLogger("de.lifetimecircle.secrets.agent");

  private static final Path SELF = Path.of("/proc/self");

  private final Optional<Path> file;
  private final NamePrefix prefix;
  private volatile AccessRules rules;

  /** The files, and their states when they were read last; guarded by this object's monitor. */
  private Map<Path, String> seen;

  private CurrentRules(
      Optional<Path> file, NamePrefix prefix, AccessRules rules, Map<Path, String> seen) {
    this.file = file;
    this.prefix = prefix;
    this.rules = rules;
    this.seen = seen;
  }

  /**
   * Reads the rules for the first time.
   *
   * @param file empty for rules by which only the own user may read
   * @param prefix the setting of the agent
   * @throws SecretException {@code CONFIGURATION} with all mistakes of the file
   */
  public static CurrentRules of(Optional<Path> file, NamePrefix prefix) {
    if (file.isEmpty()) {
      return new CurrentRules(file, prefix, AccessRules.onlyFor(ownUser()), Map.of());
    }
    Map<Path, String> sources = new LinkedHashMap<>();
    AccessRules rules = RulesFile.read(file.get(), prefix, sources);
    return new CurrentRules(file, prefix, rules, sources);
  }

  /** Named as callers are, by a lookup: {@code user.name} is "?" for a user without an account. */
  private static String ownUser() {
    try {
      if (Files.exists(SELF)) {
        return Files.getOwner(SELF).getName();
      }
    } catch (IOException e) {
      LOG.log(Logger.Level.DEBUG, "The own user is that of Java: {0}", e.toString());
    }
    return System.getProperty("user.name", "");
  }

  @Override
  public AccessRules get() {
    return rules;
  }

  /** Reads the rules again if a file of theirs has changed. */
  public synchronized void reloadIfChanged() {
    if (!seen.equals(states(seen.keySet()))) {
      reload();
    }
  }

  /** Reads the rules again. */
  public synchronized void reload() {
    if (file.isEmpty()) {
      return;
    }
    // Also where the read fails: each mistake is reported once, and a change of any file may
    // repair it.
    Map<Path, String> sources = new LinkedHashMap<>();
    seen = sources;
    try {
      rules = RulesFile.read(file.get(), prefix, sources);
      LOG.log(
          Logger.Level.INFO,
          "The agent uses the rules of {0}: {1} users and tokens.",
          file.get(),
          rules.size());
    } catch (SecretException e) {
      LOG.log(Logger.Level.WARNING, "The rules from before stay in force. {0}", e.getMessage());
    } catch (RuntimeException e) { // a path with a zero byte, for example: the agent goes on
      LOG.log(
          Logger.Level.WARNING,
          "The rules from before stay in force. Cannot read {0}: {1}.",
          file.get(),
          e.getClass().getName());
    } catch (Error e) { // such as a full heap: no file has changed since, and it is read again
      seen = Map.of(file.get(), "");
      throw e;
    }
  }

  private static Map<Path, String> states(Set<Path> files) {
    Map<Path, String> states = new LinkedHashMap<>();
    files.forEach(each -> states.put(each, RulesFile.state(each)));
    return states;
  }
}
