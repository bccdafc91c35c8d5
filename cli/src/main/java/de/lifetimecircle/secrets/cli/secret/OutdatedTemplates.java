package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.operations.generation.SecretGeneration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Tells a person which values still contain the one that was just replaced. Stateless. */
public final class OutdatedTemplates {
  private OutdatedTemplates() {}

  /**
   * Prints the command that updates the values made of some secrets; nothing if there are none.
   *
   * @param names the replaced secrets, by their names in the inventory
   */
  static void hint(CommandSession session, SecretGeneration rules, Collection<String> names) {
    Set<String> outdated = new LinkedHashSet<>();
    names.forEach(name -> outdated.addAll(rules.madeOf(name)));
    print(session, rules, outdated);
  }

  /** Prints the command that updates these values; nothing if there are none. */
  public static void print(CommandSession session, SecretGeneration rules, Set<String> outdated) {
    if (!outdated.isEmpty()) {
      session.hint(
          "to update the values that contain it: "
              + rules.command("generate " + String.join(" ", outdated) + " --force"));
    }
  }
}
