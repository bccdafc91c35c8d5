package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.SecretProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A service of a fleet, as a process: says which version it serves, when that changes, and answers
 * questions on its standard input.
 */
public final class FleetMember {
  private FleetMember() {}

  /** Serves the named secret. */
  public static void main(String[] args) throws IOException {
    String name = args[0];
    try (SecretProvider provider = SecretProvider.open();
        BufferedReader questions =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      provider.require(name);
      var unused = provider.onChange(name, event -> say("serves " + provider.get(name).version()));
      say("ready " + provider.get(name).version());
      for (String question = questions.readLine();
          question != null;
          question = questions.readLine()) {
        if (question.equals("poll")) {
          say("polled " + provider.get(name, Duration.ZERO).version());
        } else {
          say("calls " + provider.stats().backendCalls());
        }
      }
    }
  }

  private static synchronized void say(String text) {
    System.out.println(System.currentTimeMillis() + " " + text);
    System.out.flush();
  }
}
