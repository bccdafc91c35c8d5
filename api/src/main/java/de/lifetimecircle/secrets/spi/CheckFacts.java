package de.lifetimecircle.secrets.spi;

import java.util.Set;

/**
 * The keys of {@link SecretStore#check} that the command {@code secrets} acts on. A store may
 * report more facts, which the command only shows. Stateless.
 *
 * <pre>{@code
 * @Override
 * public Map<String, String> check() {
 *   return isReadOnly()
 *       ? Map.of("file", file, CheckFacts.CANNOT_WRITE, "the disk is mounted read-only")
 *       : Map.of("file", file);
 * }
 * }</pre>
 */
public final class CheckFacts {
  /** There is no store yet in the place that the fact {@code store} names; a put makes it. */
  public static final String NO_STORE = "not there yet";

  /** The reason why this caller can read but not write. */
  public static final String CANNOT_WRITE = "why it cannot write";

  /** Files in the store that no name can reach. */
  public static final String NOT_SERVED = "files that are not served";

  /** Versions that the store has and its index lacks. */
  public static final String NOT_INDEXED = "versions newer than the index";

  /** The facts that a person has to act on: {@code secrets doctor} shows them as warnings. */
  public static final Set<String> WARNINGS = Set.of(CANNOT_WRITE, NOT_SERVED, NOT_INDEXED);

  /** The facts about the caller and his rights: {@code secrets whoami} shows them. */
  public static final Set<String> CALLER =
      Set.of(
          "principal",
          "role",
          "credentials",
          "credential",
          "login",
          "policies",
          "token ends",
          "renewable",
          "list",
          "key",
          "protection",
          "can write",
          CANNOT_WRITE);

  private CheckFacts() {}
}
