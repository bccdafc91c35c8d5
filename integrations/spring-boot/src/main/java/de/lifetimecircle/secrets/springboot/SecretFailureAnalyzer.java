package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.SecretException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Prints every problem of a {@link SecretException} that ends a start, instead of a trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecretFailureAnalyzer extends AbstractFailureAnalyzer<SecretException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, SecretException cause) {
    return new FailureAnalysis(cause.getMessage(), action(cause), cause);
  }

  private static @Nullable String action(SecretException cause) {
    return switch (cause.kind()) {
      case CONFIGURATION ->
          "Correct each line of the list. In Spring's configuration a setting has the prefix"
              + " 'secrets.', as in secrets.backend=vault.";
      case NOT_FOUND ->
          "Create what is missing with 'secrets put NAME', or correct the name. A placeholder that"
              + " may go without has a default, as in ${secret.NAME:none}.";
      case TIMEOUT, UNAVAILABLE, THROTTLED ->
          "Check that this machine reaches the backend. To start without it, import"
              + " 'optional:secrets:' and give each placeholder a default.";
      case ACCESS_DENIED, UNAUTHENTICATED ->
          "Check the credentials of this service: 'secrets doctor' says who it is there.";
      default -> null;
    };
  }
}
