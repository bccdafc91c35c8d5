package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The versions of Spring Boot that this jar works with: those it is tested with. */
final class SupportedBoot {
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\..*");

  private SupportedBoot() {}

  /**
   * Checks the version of Spring Boot on the class path; one that cannot be determined passes.
   *
   * @throws SecretException {@code CONFIGURATION} that names the versions that fit
   */
  static void require(@Nullable String version) {
    Matcher numbers = NUMBERS.matcher(version == null ? "" : version);
    if (!numbers.matches()) {
      return;
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    if (major == 4 || (major == 3 && minor >= 5)) {
      return;
    }
    throw SecretException.of(Kind.CONFIGURATION, "start with this version of Spring Boot")
        .problems(
            List.of(
                "class path: Spring Boot "
                    + version
                    + " (expected: 3.5 or 4.x, which"
                    + " de.lifetimecircle.secrets:secrets-spring-boot-starter fits; with another"
                    + " version use de.lifetimecircle.secrets:secrets-api, whose SecretProvider"
                    + " needs no framework)"))
        .build();
  }
}
