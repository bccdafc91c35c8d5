package de.lifetimecircle.secrets.agent.rules;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Names of secrets: each whole, or as a prefix that ends with {@code *}. Immutable.
 *
 * @param names whole names
 * @param prefixes beginnings of names, without the {@code *}
 */
public record NamePatterns(Set<String> names, Set<String> prefixes) {
  /** No name at all. */
  static final NamePatterns NONE = new NamePatterns(Set.of(), Set.of());

  private static final String ARN = "arn:";

  public NamePatterns {
    names = Set.copyOf(names);
    prefixes = Set.copyOf(prefixes);
  }

  static NamePatterns of(Collection<String> patterns) {
    Set<String> names = new HashSet<>();
    Set<String> prefixes = new HashSet<>();
    for (String pattern : patterns) {
      if (pattern.endsWith("*")) {
        prefixes.add(pattern.substring(0, pattern.length() - 1));
      } else {
        names.add(pattern);
      }
    }
    return new NamePatterns(names, prefixes);
  }

  NamePatterns plus(NamePatterns other) {
    Set<String> allNames = new HashSet<>(names);
    allNames.addAll(other.names);
    Set<String> allPrefixes = new HashSet<>(prefixes);
    allPrefixes.addAll(other.prefixes);
    return new NamePatterns(allNames, allPrefixes);
  }

  public boolean contains(String name) {
    return names.contains(name) || prefixes.stream().anyMatch(prefix -> begins(name, prefix));
  }

  /**
   * Whether the prefix covers the name. A whole ARN is another name of a secret, so its first
   * letters say nothing about the name that the author of the rules knows.
   */
  private static boolean begins(String name, String prefix) {
    return name.startsWith(prefix)
        && (prefix.isEmpty() || prefix.startsWith(ARN) || !name.startsWith(ARN));
  }

  /** Whether some name with this prefix could match. */
  public boolean reach(String prefix) {
    return names.stream().anyMatch(name -> name.startsWith(prefix))
        || prefixes.stream().anyMatch(each -> each.startsWith(prefix) || begins(prefix, each));
  }

  public boolean isEmpty() {
    return names.isEmpty() && prefixes.isEmpty();
  }
}
