package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A program that checks its backend once and then reads a secret as often as asked, with the real
 * environment and the real system properties. Its arguments are settings, as KEY=VALUE; {@code
 * reads} is how many reads.
 */
final class DialProgram {
  private DialProgram() {}

  /** Runs it. */
  public static void main(String... arguments) {
    System.out.println(run(List.of(arguments), name -> Optional.ofNullable(System.getenv(name))));
  }

  /** Runs it in this process, with the environment that is given; what it would print. */
  static String run(List<String> arguments, Function<String, Optional<String>> environment) {
    Map<String, String> settings = new HashMap<>();
    for (String argument : arguments) {
      int at = argument.indexOf('=');
      settings.put(argument.substring(0, at), argument.substring(at + 1));
    }
    int reads = Integer.parseInt(Optional.ofNullable(settings.remove("reads")).orElse("0"));
    StoreConfig config =
        new StoreConfig(settings, environment, Duration.ofSeconds(20), InstantSource.system());
    List<String> lines = new ArrayList<>();
    try (AwsStore store = new AwsStore(Settings.of(config))) {
      lines.add(said(() -> store.check().toString()));
      for (int i = 0; i < reads; i++) {
        lines.add(said(() -> "read " + store.fetch(AwsFake.NAME).version()));
      }
    } catch (SecretException e) {
      lines.add(e.kind() + " " + e.getMessage());
    }
    return String.join("\n", lines);
  }

  private static String said(Supplier<String> work) {
    try {
      return work.get();
    } catch (SecretException e) {
      return e.kind() + " " + e.getMessage();
    }
  }
}
