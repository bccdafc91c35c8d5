package de.lifetimecircle.secrets.springboot;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.PropertyAccessException;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Reports a start that failed because of a secret's value, without the value. Boot's own analyzers
 * and the stack trace quote a value that is rejected or that cannot be converted.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecretValueAnalyzer implements FailureAnalyzer {
  private final @Nullable Environment environment;

  /** Called by Boot, which has no environment if the start fails early. */
  SecretValueAnalyzer(@Nullable Environment environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    return environment instanceof ConfigurableEnvironment configurable
        ? SecretsPropertySource.in(configurable)
            .map(source -> new Values(configurable, source.getSource()).analyze(failure))
            .orElse(null)
        : null;
  }

  /** Recognises the values that one application has read by properties. */
  private record Values(DependentProperties dependents, PropertyReads reads) {
    Values(ConfigurableEnvironment environment, PropertyReads reads) {
      this(new DependentProperties(environment, reads), reads);
    }

    @Nullable FailureAnalysis analyze(Throwable failure) {
      Set<Throwable> all = new LinkedHashSet<>();
      collect(failure, all);
      // Not every failure that contains one: "postgres" is in the text of many.
      if (all.stream().noneMatch(Values::isOfAValue) || all.stream().noneMatch(this::mayShow)) {
        return null;
      }
      Set<String> lines = new LinkedHashSet<>();
      all.forEach(each -> describe(each, lines));
      return new FailureAnalysis(
          "Cannot start: the failure quotes the value of a secret, so its text is left out.\n  - "
              + String.join("\n  - ", lines),
          "Store a value that fits, or change the property that reads it. The text of the exception"
              + " contains the value: keep it out of logs and reports.",
          null); // Boot logs a cause with its text at DEBUG
    }

    private static void collect(@Nullable Throwable each, Set<Throwable> all) {
      if (each != null && all.add(each)) {
        collect(each.getCause(), all);
        for (Throwable suppressed : each.getSuppressed()) {
          collect(suppressed, all);
        }
      }
    }

    /** Whether it says that a value does not fit: to its type, or to a rule. */
    private static boolean isOfAValue(Throwable each) {
      return each instanceof BindException
          || each instanceof BindValidationException
          || each instanceof ConversionException
          || each instanceof PropertyAccessException
          || each instanceof IllegalArgumentException;
    }

    private boolean mayShow(Throwable each) {
      if (reads.handedOut(String.valueOf(each.getMessage()))) {
        return true;
      }
      // A short value is not recognised inside a text; its property is.
      if (each instanceof BindValidationException invalid) {
        ValidationErrors errors = invalid.getValidationErrors();
        return errors.getAllErrors().stream().anyMatch(error -> isSecret(errors, error));
      }
      return each instanceof BindException bind
          && dependents.needsSecret(bind.getName().toString());
    }

    private static String property(ValidationErrors errors, ObjectError error) {
      return error instanceof FieldError field
          ? errors.getName() + "." + field.getField()
          : errors.getName().toString();
    }

    private boolean isSecret(ValidationErrors errors, ObjectError error) {
      return error instanceof FieldError field
          && (dependents.needsSecret(property(errors, error))
              || reads.handedOut(String.valueOf(field.getRejectedValue())));
    }

    /** Only names: a text below may have the value in parts or in another form. */
    private void describe(Throwable each, Set<String> lines) {
      if (each instanceof BindValidationException invalid) {
        ValidationErrors errors = invalid.getValidationErrors();
        errors.forEach(error -> lines.add(property(errors, error) + ": " + rule(errors, error)));
      } else if (each instanceof BindException bind) {
        if (!(bind.getCause() instanceof BindValidationException)) {
          lines.add(bind.getName() + ": expected " + bind.getTarget().getType());
        }
      } else if (each instanceof BeanCreationException bean && bean.getBeanName() != null) {
        lines.add(each.getClass().getSimpleName() + " of bean '" + bean.getBeanName() + "'");
      } else {
        lines.add(each.getClass().getName());
      }
    }

    private String rule(ValidationErrors errors, ObjectError error) {
      String text = String.valueOf(error.getDefaultMessage());
      boolean quotes =
          reads.handedOut(text)
              || (isSecret(errors, error)
                  && error instanceof FieldError field
                  && text.contains(String.valueOf(field.getRejectedValue())));
      return quotes ? "not valid (the rule's text quotes the value)" : text;
    }
  }
}
