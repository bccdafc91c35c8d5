package de.lifetimecircle.secrets.springboot;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Says which secret is missing where Spring says only that a placeholder has no value. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingSecretAnalyzer implements FailureAnalyzer {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("Could not resolve placeholder 'secret\\.([^':#]+)(#[^':]*)?[^']*'");

  private final @Nullable Environment environment;

  /** Called by Boot, which has no environment if the start fails early. */
  MissingSecretAnalyzer(@Nullable Environment environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      Matcher missing = PLACEHOLDER.matcher(String.valueOf(each.getMessage()));
      if (each instanceof IllegalArgumentException && missing.find()) {
        return analysis(missing.group(1), each);
      }
    }
    return null;
  }

  private FailureAnalysis analysis(String name, Throwable cause) {
    @Nullable SecretsPropertySource source =
        environment instanceof ConfigurableEnvironment configurable
            ? SecretsPropertySource.in(configurable).orElse(null)
            : null;
    String problem = "Cannot resolve ${secret." + name + "}: ";
    String orDefault = "or give a default as in ${secret." + name + ":none}.";
    if (source == null) {
      return new FailureAnalysis(
          problem + "nothing imports the secrets.",
          "Add spring.config.import=secrets: to application.properties.",
          cause);
    }
    if (source.getSource().isUnanswered(name)) { // 'secrets put' could overwrite a live secret
      return new FailureAnalysis(
          problem + "the backend did not answer, or refused this service; a warning says why.",
          "Check with 'secrets doctor' that this machine reaches the backend and may read the"
              + " secret, "
              + orDefault,
          cause);
    }
    return new FailureAnalysis(
        problem + "the backend has no secret '" + name + "'.",
        "Create it with 'secrets put "
            + name
            + "', correct the name or the setting secrets.prefix, "
            + orDefault,
        cause);
  }
}
