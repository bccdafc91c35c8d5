package de.lifetimecircle.secrets.microprofile;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValidationException.Problem;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fails each read of a property with an expression {@code ${secret.NAME}} that nothing answers.
 * SmallRye would read it as a property that is not set: an {@code Optional} is empty, an injection
 * point takes its own default, and a data source logs in without a password. Stateless.
 */
@AutoService(ConfigSourceInterceptor.class)
@Priority(Priorities.LIBRARY + 350) // around the expressions, which have 300
public final class UnansweredExpressions implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1;

  /** The only trace that SmallRye leaves of it. */
  private static final Pattern PROBLEM =
      Pattern.compile("SRCFG00011: .* value secret\\.(.+) in property (.+)", Pattern.DOTALL);

  /** For SmallRye. */
  public UnansweredExpressions() {}

  @Override
  public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    @Nullable ConfigValue value = context.proceed(name);
    if (value != null && value.hasProblems()) {
      for (Problem each : value.getProblems()) {
        Matcher unanswered = PROBLEM.matcher(each.getMessage());
        if (unanswered.matches() && isRequired(context.proceed(ConfigSettings.REQUIRE))) {
          throw missing(unanswered.group(1), unanswered.group(2));
        }
      }
    }
    return value;
  }

  private static boolean isRequired(@Nullable ConfigValue setting) {
    return setting == null || !"false".equals(setting.getValue());
  }

  private static SecretException missing(String reference, String property) {
    return SecretException.of(Kind.NOT_FOUND, "expand the expression of secret")
        .name(ConfigReference.of(reference).name())
        .reason(
            "there is no secret of that name, and the expression in "
                + property
                + " has no default")
        .advice("Correct the name, or write ${secret." + reference + ":none}")
        .build();
  }
}
