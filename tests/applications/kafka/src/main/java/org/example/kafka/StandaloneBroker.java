package org.example.kafka;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A broker for the projects of tests/applications/fresh: each line of input is a password of "shop". */
public final class StandaloneBroker {
  private static final long SESSION = 5_000;

  private StandaloneBroker() {}

  /** Takes an empty folder; answers each line with the address where clients log in. */
  public static void main(String[] arguments) throws Exception {
    try (Broker broker = Broker.start(Path.of(arguments[0]), SESSION, 0, List.of());
        BufferedReader passwords =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String next = passwords.readLine(); next != null; next = passwords.readLine()) {
        broker.password("shop", next);
        System.out.println("answer " + broker.sasl());
      }
    }
  }
}
