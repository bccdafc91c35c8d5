package de.lifetimecircle.secrets.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The causes of a failure, which tell more than the exception that a client throws: their types
 * decide, never their texts. Stateless.
 */
public final class Causes {
  /** More than any client nests; a chain that leads back to itself ends here. */
  private static final int DEEPEST = 24;

  private Causes() {}

  /**
   * Lists a failure and its causes.
   *
   * @param thrown the exception as it was caught
   * @return the exception itself, then its cause, then the cause of that one, at most 24
   */
  public static List<Throwable> of(Throwable thrown) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable at = thrown; at != null && causes.size() < DEEPEST; at = at.getCause()) {
      causes.add(at);
    }
    return causes;
  }

  /**
   * Finds the first of a type.
   *
   * @param <T> the type
   * @param thrown the exception as it was caught
   * @param type the type to look for
   * @return the exception itself or its nearest cause that has the type; empty if none has
   */
  public static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
    return of(thrown).stream().filter(type::isInstance).map(type::cast).findFirst();
  }
}
