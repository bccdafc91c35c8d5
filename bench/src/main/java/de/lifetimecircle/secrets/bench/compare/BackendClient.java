package de.lifetimecircle.secrets.bench.compare;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One client of a backend, as services have it: a provider and its writer over the store that the
 * scheme names. Safe for use by several threads.
 */
final class BackendClient implements AutoCloseable {
  /** The prefix of every value of a run, so that a scan can find a leaked one. */
  static final String VALUE = "bench-value-";

  /** How many secrets every participant holds before it is measured. */
  static final int HELD = 100;

  /** How many of them have an older version, and how many a single read goes round. */
  static final int ROUND = 20;

  /** The prefix of their names. */
  static final String HELD_NAMES = "held/";

  private final SecretWriter writer;

  private BackendClient(SecretWriter writer) {
    this.writer = writer;
  }

  /** One that holds answers, as services have it. */
  static BackendClient caching(ParticipantAccess subject) {
    return new BackendClient(builder(subject).buildWriter());
  }

  /** One that holds answers for that long. */
  static BackendClient refreshing(ParticipantAccess subject, String softAge) {
    return new BackendClient(builder(subject).set("soft-age", softAge).buildWriter());
  }

  /** One that holds nothing to speak of: every read of another name is a load. */
  static BackendClient cold(ParticipantAccess subject) {
    return new BackendClient(builder(subject).set("max-names", "1").buildWriter());
  }

  private static SecretProviderBuilder builder(ParticipantAccess subject) {
    SecretProviderBuilder builder =
        SecretProvider.builder()
            .environment(environment(subject))
            .backend(subject.scheme())
            .set("prefix", subject.prefix())
            .set("overrides", "off")
            .set("timeout", "PT1M"); // a busy machine is slow, and not down
    subject.settings().forEach(builder::set);
    return builder;
  }

  /** A server of our own needs none; what the environment names may log in by it. */
  private static Map<String, String> environment(ParticipantAccess subject) {
    if (!subject.isNamed()) {
      return Map.of();
    }
    Map<String, String> own = new TreeMap<>(System.getenv());
    own.keySet().removeIf(name -> name.startsWith("SECRETS_"));
    return own;
  }

  SecretProvider provider() {
    return writer.provider();
  }

  SecretWriter writer() {
    return writer;
  }

  /** The names that every participant holds. */
  static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(String.format(Locale.ROOT, "%ssecret-%03d", HELD_NAMES, i));
    }
    return names;
  }

  /** Writes a value that is not in use yet; returns its version. */
  String put(String name) {
    try (SecretValue value = SecretValue.of(VALUE + UUID.randomUUID())) {
      PutResult result = writer.put(name, value);
      return result.version();
    }
  }

  @Override
  public void close() {
    writer.close();
  }
}
