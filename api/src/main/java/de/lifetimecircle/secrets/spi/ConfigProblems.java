package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretException;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects all problems of a configuration, so that one message reports them all. Not safe for use
 * by several threads.
 *
 * <pre>{@code
 * ConfigProblems problems = new ConfigProblems();
 * Optional<String> url = Optional.of("vault.example.org"); // from StoreConfig.get
 * if (url.filter(text -> text.startsWith("https://")).isEmpty()) {
 *   problems.add("example.url: " + url.orElse("not set") + " (expected: https://HOST)");
 * }
 * problems.throwIfAny();
 * }</pre>
 */
public final class ConfigProblems {
  private final List<String> problems = new ArrayList<>();

  /**
   * Adds a mistake.
   *
   * @param problem the key with its scheme, the given and the expected value; no value of a
   *     secret-bearing key: {@code "timeout: PT-1S (expected: > 0)"}
   */
  public void add(String problem) {
    problems.add(problem);
  }

  /**
   * Copies the problems that were added so far.
   *
   * @return one text each, in the order of {@link #add}; empty if there is none
   */
  public List<String> list() {
    return List.copyOf(problems);
  }

  /**
   * Throws if anything was added.
   *
   * @throws SecretException {@code CONFIGURATION} with every mistake on a line of its own
   */
  public void throwIfAny() {
    if (problems.isEmpty()) {
      return;
    }
    throw SecretException.of(SecretException.Kind.CONFIGURATION, "use the configuration")
        .reason(problems.size() == 1 ? "1 mistake" : problems.size() + " mistakes")
        .problems(problems)
        .build();
  }
}
