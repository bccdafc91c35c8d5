package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts together, in one failure, all secrets that an application cannot start without and cannot
 * have. Stateless.
 *
 * <pre>{@code
 * SecretProvider secrets = SecretProvider.open();
 * try {
 *   secrets.get("API_KEYY");
 * } catch (SecretException e) { // … key of line 3: … Did you mean 'API_KEY'?
 *   throw MissingSecrets.of(Map.of("key of line 3", e), secrets, List.of());
 * }
 * }</pre>
 */
public final class MissingSecrets {
  private MissingSecrets() {}

  /**
   * Puts the failures of a configuration together.
   *
   * @param failures why each cannot be had, by the place that names it; not empty
   * @param provider suggests a name for each that may be mistyped, if the backend lists names
   * @param others names that may be meant, too
   * @return a failure with a problem for each; of their kind where they share one and else {@code
   *     CONFIGURATION}
   */
  public static SecretException of(
      Map<String, SecretException> failures, SecretProvider provider, Collection<String> others) {
    Set<String> known = new TreeSet<>();
    if (failures.values().stream().anyMatch(MissingSecrets::mayBeMistyped)) {
      known.addAll(others);
      known.addAll(names(provider));
      failures.values().forEach(failure -> failure.name().ifPresent(known::remove));
    }
    List<String> problems = new ArrayList<>();
    failures.forEach(
        (place, failure) ->
            problems.add(place + ": " + failure.getMessage() + hint(failure, known)));
    return of(List.copyOf(failures.values()), problems);
  }

  /**
   * Puts failures together.
   *
   * @param failures why each cannot be had; not empty
   * @param problems a text for each
   * @return of their kind where they share one and else {@code CONFIGURATION}
   */
  public static SecretException of(List<SecretException> failures, List<String> problems) {
    SecretException first = failures.get(0);
    boolean isOfOneKind = failures.stream().allMatch(each -> each.kind() == first.kind());
    SecretException.Builder together =
        SecretException.of(
                isOfOneKind ? first.kind() : Kind.CONFIGURATION,
                "start with the secrets that are required")
            .reason(problems.size() == 1 ? "one cannot be had" : problems.size() + " cannot be had")
            .problems(problems)
            .cause(first);
    first.scheme().ifPresent(together::scheme);
    return together.build();
  }

  private static String hint(SecretException failure, Set<String> known) {
    return failure
        .name()
        .filter(name -> mayBeMistyped(failure))
        .flatMap(name -> NearestName.of(name, known))
        .map(name -> " Did you mean '" + name + "'?")
        .orElse("");
  }

  /** AWS denies a service every name that it does not know. */
  private static boolean mayBeMistyped(SecretException failure) {
    return failure.kind() == Kind.NOT_FOUND || failure.kind() == Kind.ACCESS_DENIED;
  }

  private static List<String> names(SecretProvider provider) {
    try {
      return provider.list("");
    } catch (SecretException e) { // it lists none, or not to this service
      return List.of();
    }
  }
}
