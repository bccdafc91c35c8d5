package de.lifetimecircle.secrets.examples;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One program on any backend: writes a secret, reads it, rotates it while a reader holds it, asks
 * for one that is not there, and cleans up. Which backend that is, the file named by {@code
 * SECRETS_CONFIG} says; the folder {@code examples/switching} has one for each. The output is the
 * same on all of them.
 *
 * <p>The values are made up, and still it prints none.
 */
public final class Switching {
  private static final String NAME = "switching/LTC_SECRET_KEY";
  private static final int PATIENCE_SECONDS = 60;

  /** As UTF-8 whatever the platform's own charset is. */
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private Switching() {}

  /**
   * Runs it.
   *
   * @param args none
   */
  public static void main(String[] args) throws InterruptedException {
    try (SecretWriter writer = SecretProvider.builder().buildWriter();
        SecretProvider service = SecretProvider.open()) {
      try {
        OUT.println("first put: " + put(writer, "Größe 1 päss€ 🔑"));
        Secret first = service.get(NAME);
        OUT.println("read: " + same(first, "Größe 1 päss€ 🔑") + ", from " + first.origin());
        OUT.println("same put: " + put(writer, "Größe 1 päss€ 🔑"));
        rotate(writer, service);
        verify(service);
        missing(service);
      } finally {
        writer.delete(NAME);
        writer.purge(NAME);
      }
      OUT.println("cleaned up: " + writer.provider().find(NAME).isEmpty());
    } catch (SecretException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static String put(SecretWriter writer, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      return writer.put(NAME, value).outcome().name();
    }
  }

  private static String same(Secret secret, String text) {
    return secret.asString().equals(text) ? "the same text" : "another text";
  }

  /** The reader holds the old value; the new one reaches it in the background. */
  private static void rotate(SecretWriter writer, SecretProvider service)
      throws InterruptedException {
    CountDownLatch rotated = new CountDownLatch(1);
    SecretHandle handle = service.handle(NAME);
    String before = handle.get().version();
    try (SecretListener.Registration registration =
        service.onChange(NAME, event -> rotated.countDown())) {
      OUT.println("rotation: " + put(writer, "2"));
      OUT.println("seen while it runs: " + rotated.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
    OUT.println("handle: " + same(handle.get(), "2"));
    OUT.println("another version: " + !handle.get().version().equals(before));
  }

  /** What a verifier of signatures accepts: the current key, then the one before. */
  private static void verify(SecretProvider service) {
    List<Secret> accepted = service.validVersions(NAME);
    OUT.println("versions: " + service.versions(NAME).size() + ", accepted: " + accepted.size());
    OUT.println("current: " + same(accepted.get(0), "2"));
    OUT.println("previous: " + same(accepted.get(1), "Größe 1 päss€ 🔑"));
  }

  private static void missing(SecretProvider service) {
    try {
      service.get("switching/NOT_THERE");
    } catch (SecretException e) {
      OUT.println("missing: " + e.kind() + " '" + e.name().orElse("") + "'");
    }
  }
}
