package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.OutsideTheRules;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A program with every log at its loudest, that writes and reads a secret. Reads from standard
 * input, a line each: the endpoint, the access key, the secret key, the session token, the value.
 */
@OutsideTheRules
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
    AwsConfig config =
        AwsConfig.of(
            new StoreConfig(
                Map.of(
                    "region", "eu-central-1",
                    "endpoint", lines.get(0),
                    "access-key-id", lines.get(1),
                    "secret-access-key", lines.get(2),
                    "session-token", lines.get(3)),
                name -> Optional.empty(),
                Duration.ofSeconds(20),
                InstantSource.system()));
    try (AwsStore store = new AwsStore(config)) {
      try (SecretValue value = SecretValue.of(lines.get(4))) {
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
