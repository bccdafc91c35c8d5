package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A program with every log at its loudest, that writes and reads a secret. Reads from standard
 * input the value, and then a setting in each line, as {@code KEY=VALUE}.
 */
final class LoudProgram {
  private LoudProgram() {}

  /** Runs it. */
  public static void main(String... arguments) throws IOException {
    Logger root = Logger.getLogger("");
    root.setLevel(Level.ALL);
    for (Handler handler : root.getHandlers()) {
      handler.setLevel(Level.ALL);
    }
    List<String> lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
            .lines()
            .toList();
    Map<String, String> settings = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int at = line.indexOf('=');
      settings.put(line.substring(0, at), line.substring(at + 1));
    }
    Settings config =
        Settings.of(
            new StoreConfig(
                settings,
                name -> Optional.ofNullable(System.getenv(name)),
                Duration.ofSeconds(20),
                InstantSource.system()));
    try (AwsStore store = new AwsStore(config)) {
      try (SecretValue value = SecretValue.of(lines.get(0))) {
        var unused = store.put(PutRequest.always(AwsFake.NAME, value));
        boolean same = store.fetch(AwsFake.NAME).value().equals(value);
        System.out.println("charset " + System.getProperty("file.encoding") + ", same " + same);
      }
      try {
        var unused = store.fetch("missing");
      } catch (SecretException e) {
        System.out.println(e + " " + java.util.Arrays.toString(e.getStackTrace()));
      }
    }
  }
}
