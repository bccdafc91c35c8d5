package de.lifetimecircle.secrets.testservers.keyvault;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The arguments of {@link KeyVaultProgram}.
 *
 * @param folder where it writes
 * @param builder the settings of its server
 */
record KeyVaultArguments(Path folder, KeyVaultServerBuilder builder) {
  private static final int DOCUMENTED_QUOTA = 4000;
  private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m)");

  /**
   * Reads the arguments; the defaults are those of the service, including its delays.
   *
   * @throws IllegalArgumentException for a wrong one; the message gives the expected form
   */
  static KeyVaultArguments read(List<String> arguments) {
    KeyVaultServerBuilder builder =
        KeyVaultServer.builder()
            .deleteDelay(Duration.ofSeconds(5))
            .recoverDelay(Duration.ofSeconds(12))
            .purgeDelay(Duration.ofSeconds(3))
            .quota(DOCUMENTED_QUOTA);
    String folder = "";
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      String value = value(option, rest);
      if (option.equals("--folder")) {
        folder = value;
      } else {
        set(builder, option, value);
      }
    }
    if (folder.isEmpty()) {
      throw new IllegalArgumentException("--folder: missing (expected: a folder to write to)");
    }
    return new KeyVaultArguments(Path.of(folder), builder);
  }

  private static String value(String option, Iterator<String> rest) {
    try {
      return rest.next();
    } catch (NoSuchElementException e) {
      throw new IllegalArgumentException(option + ": no value (see --help)", e);
    }
  }

  private static void set(KeyVaultServerBuilder builder, String option, String value) {
    switch (option) {
      case "--port" -> builder.port(number(option, value, 65535));
      case "--quota" -> builder.quota(number(option, value, Integer.MAX_VALUE));
      case "--delete-delay" -> builder.deleteDelay(time(option, value));
      case "--recover-delay" -> builder.recoverDelay(time(option, value));
      case "--purge-delay" -> builder.purgeDelay(time(option, value));
      case "--token-lifetime" -> builder.tokenLifetime(time(option, value));
      case "--rights" -> builder.rights(rights(value));
      default -> throw new IllegalArgumentException(option + ": unknown option (see --help)");
    }
  }

  private static int number(String option, String value, int most) {
    if (value.matches("\\d{1,10}") && Long.parseLong(value) <= most) {
      return Integer.parseInt(value);
    }
    throw new IllegalArgumentException(
        option + ": " + value + " (expected: a number from 0 to " + most + ")");
  }

  private static Duration time(String option, String value) {
    Matcher matcher = TIME.matcher(value);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          option + ": " + value + " (expected: a time such as 300ms, 12s or 5m)");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      default -> Duration.ofMinutes(count);
    };
  }

  private static KeyVaultServer.Rights rights(String value) {
    for (KeyVaultServer.Rights model : KeyVaultServer.Rights.values()) {
      if (value.equals(model.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
        return model;
      }
    }
    throw new IllegalArgumentException(
        "--rights: " + value + " (expected: roles or access-policies)");
  }
}
