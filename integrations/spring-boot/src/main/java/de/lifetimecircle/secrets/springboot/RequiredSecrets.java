package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretResult;
import de.lifetimecircle.secrets.spi.MissingSecrets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Fails a start without a secret that it needs, and names all of them: those of {@code
 * secrets.require}, and those of placeholders without a default of their own, which Boot's binder
 * would leave as they stand. Stateless.
 *
 * @param environment the properties
 * @param reads what answers the placeholders; empty without the import
 */
record RequiredSecrets(ConfigurableEnvironment environment, Optional<PropertyReads> reads) {
  /** A placeholder that nothing answers, since no secret has the empty name. */
  private static final String UNANSWERED = "${" + SecretReference.PREFIX + "}";

  private static final String NO_IMPORT =
      "spring.config.import: lacks secrets: (expected: the line spring.config.import=secrets: in"
          + " application.properties, or secrets.require-placeholders=false if the texts are meant"
          + " as they stand)";

  static RequiredSecrets in(ConfigurableEnvironment environment) {
    return new RequiredSecrets(
        environment, SecretsPropertySource.in(environment).map(SecretsPropertySource::getSource));
  }

  /**
   * Checks the placeholders in these properties and, if the import is there, other names.
   *
   * @throws SecretException with a problem for each secret that cannot be had
   */
  void check(Predicate<ConfigurationPropertyName> properties, List<String> others) {
    SecretPlaceholders placeholders = new SecretPlaceholders(environment);
    Map<SecretReference, String> needed = new LinkedHashMap<>();
    if (StarterSettings.requirePlaceholders(environment)) {
      needed.putAll(placeholders.unanswered(properties, secret -> false));
    }
    if (reads.isEmpty()) {
      requireImport(needed);
      return;
    }
    PropertyReads answers = reads.get();
    others.forEach(
        name ->
            needed.putIfAbsent(
                new SecretReference(name, ""), PropertyReads.need(StarterSettings.REQUIRED, name)));
    Map<SecretReference, SecretException> failures = failures(answers, needed.keySet());
    if (!failures.isEmpty()) { // of ${secret.NEW:${secret.OLD}} one is enough
      Set<SecretReference> left =
          placeholders
              .unanswered(
                  properties, secret -> !failures.containsKey(secret) && has(answers, secret))
              .keySet();
      List<SecretReference> unneeded =
          failures.keySet().stream()
              .filter(each -> !left.contains(each) && !others.contains(each.name()))
              .toList();
      unneeded.forEach(failures::remove);
      unneeded.forEach(needed::remove);
    }
    answers.mustHave(needed.keySet());
    if (!failures.isEmpty()) {
      Map<String, SecretException> byPlace = new LinkedHashMap<>();
      failures.forEach((secret, failure) -> byPlace.put(needed.get(secret), failure));
      throw MissingSecrets.of(
          byPlace,
          answers.provider(),
          needed.keySet().stream().map(SecretReference::name).toList());
    }
  }

  /** Reads the secrets together; returns why some of them cannot be had. */
  private static Map<SecretReference, SecretException> failures(
      PropertyReads answers, Set<SecretReference> secrets) {
    Map<SecretReference, SecretException> failures = new LinkedHashMap<>();
    if (secrets.isEmpty()) {
      return failures; // and no provider needs to open
    }
    Map<String, SecretResult> results =
        answers.provider().getAll(secrets.stream().map(SecretReference::name).toList());
    for (SecretReference secret : secrets) {
      try {
        secret.of(
            Objects.requireNonNull(results.get(secret.name()), "a result for each").orElseThrow());
      } catch (SecretException e) {
        failures.put(secret, e);
      }
    }
    return failures;
  }

  private static boolean has(PropertyReads answers, SecretReference secret) {
    return failures(answers, Set.of(secret)).isEmpty();
  }

  private static void requireImport(Map<SecretReference, String> needed) {
    if (!needed.isEmpty()) {
      List<String> problems = new ArrayList<>(List.of(NO_IMPORT));
      problems.addAll(needed.values());
      throw SecretException.of(Kind.CONFIGURATION, "start with placeholders of secrets")
          .reason("nothing imports the secrets")
          .problems(problems)
          .build();
    }
  }

  /**
   * Has the placeholders fail that a bean factory would leave in {@code @Value} and other texts of
   * the code, because nothing resolves them there, or a configurer that ignores unknown ones.
   */
  void guard(ConfigurableListableBeanFactory beans) {
    boolean isAlone = !beans.hasEmbeddedValueResolver();
    if (StarterSettings.requirePlaceholders(environment) && (isAlone || isLenient(beans))) {
      beans.addEmbeddedValueResolver(
          text -> answered(isAlone ? environment.resolvePlaceholders(text) : text));
    }
  }

  private static boolean isLenient(ConfigurableListableBeanFactory beans) {
    try {
      return UNANSWERED.equals(beans.resolveEmbeddedValue(UNANSWERED));
    } catch (IllegalArgumentException e) { // as Boot's own configurer
      return false;
    }
  }

  private String answered(String text) {
    SecretPlaceholders.left(text)
        .forEach(
            secret -> {
              requireImport(
                  reads.isEmpty() ? Map.of(secret, secret + " in a text of the code") : Map.of());
              reads.ifPresent(answers -> answers.provider().get(secret.name()));
            });
    return text;
  }
}
