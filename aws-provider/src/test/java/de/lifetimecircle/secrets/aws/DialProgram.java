package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.OutsideTheRules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A program that checks its backend once and then reads a secret as often as it is told to, with
 * the real environment and the real system properties. Its arguments are settings, as KEY=VALUE;
 * {@code reads} is how many reads.
 */
@OutsideTheRules
final class DialProgram {
  private DialProgram() {}

  /** Runs it. */
  public static void main(String... arguments) {
    Map<String, String> settings = new HashMap<>();
    for (String argument : arguments) {
      int at = argument.indexOf('=');
      settings.put(argument.substring(0, at), argument.substring(at + 1));
    }
    int reads = Integer.parseInt(Optional.ofNullable(settings.remove("reads")).orElse("0"));
    StoreConfig config =
        new StoreConfig(
            settings,
            name -> Optional.ofNullable(System.getenv(name)),
            Duration.ofSeconds(20),
            InstantSource.system());
    try (AwsStore store = new AwsStore(AwsConfig.of(config))) {
      say(() -> store.check().toString());
      for (int i = 0; i < reads; i++) {
        say(() -> "read " + store.fetch(AwsFake.NAME).version());
      }
    } catch (SecretException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }

  private static void say(java.util.function.Supplier<String> work) {
    try {
      System.out.println(work.get());
    } catch (SecretException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }
}
