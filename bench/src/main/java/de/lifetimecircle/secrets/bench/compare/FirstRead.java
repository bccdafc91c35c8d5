package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;

/**
 * The process that opens a provider and reads one secret, and nothing else, as a service does when
 * it starts. {@link FirstReadProgram} starts it and looks at which classes it loads.
 */
public final class FirstRead {
  private FirstRead() {}

  /**
   * Reads the secret and prints the milliseconds from opening the provider to its value. The
   * settings of the backend come on standard input, because some are secret.
   *
   * @param args the backend and the name of the secret
   */
  public static void main(String[] args) throws IOException {
    Properties settings = new Properties();
    settings.load(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    long begun = System.nanoTime();
    SecretProviderBuilder builder =
        SecretProvider.builder().environment(Map.of()).backend(args[0]).set("overrides", "off");
    settings.forEach((key, value) -> builder.set((String) key, (String) value));
    try (SecretProvider provider = builder.build()) {
      Secret secret = provider.get(args[1]);
      if (!secret.asString().startsWith(BackendClient.VALUE)) {
        throw new IllegalStateException("another value than was written");
      }
      System.out.println((System.nanoTime() - begun) / 1_000_000);
    }
  }
}
