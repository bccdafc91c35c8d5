package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.spi.ConfigKey;
import java.util.List;

/** The settings of the library itself, whichever backend is in use. */
final class CoreSettings {
  /** In the order of docs/reference/settings.md, which {@code ConfigurationTest} compares. */
  static final List<ConfigKey> KEYS =
      List.of(
          key("backend", "gpg", "The scheme of the backend: gpg, aws, azure or vault."),
          key("prefix", "", "What is put before each name: with prod/, DB is read as prod/DB."),
          key("soft-age", "5m", "How long an answer is fresh."),
          key("max-stale", "24h", "How long an answer may be served at most."),
          key("negative-age", "5s", "How long a miss or a failed first load is remembered."),
          key(
              "timeout",
              "10s",
              "How long one call may take once it has a thread, retries included."),
          key("retries", "2", "How often a call is retried after a retryable failure."),
          key("jitter", "20%", "By which share of the soft age a refresh may come earlier."),
          key("idle", "1h", "How long a name is kept fresh after its last read."),
          key("max-names", "100000", "How many answers are held at most."),
          key("max-bytes", "64m", "How many bytes of heap the held answers take at most."),
          key(
              "metrics",
              "none",
              "Where the figures go: none, or one or more of log, jmx and others."),
          key("push", "none", "The channel that tells of rotations: none, postgresql or redis."),
          key("push-delay", "2s", "How long a load waits after a message at most, at random."),
          key(
              "push-catch-up",
              "1m",
              "In which time held names are refreshed after the channel was lost."),
          key("call-price", "", "US dollars for 10,000 requests; by default the backend's price."),
          key("limits", "portable", "The sizes that may be written: portable or backend."),
          key("audit.log", "", "A file that gets one line for each request to the backend."),
          key("audit.principal", "", "The name of this program in the audit log."),
          key("audit.reason", "", "Why this program asks, in its lines of the audit log."),
          key(
              "audit.actor",
              "program",
              "The kind of caller in that log: agent, person or program."),
          key("overrides", "on", "Whether local overrides count: on or off."),
          key(
              "override-pattern",
              LocalOverrides.PLACEHOLDER + "_LOCAL",
              "The variable that overrides a name; the placeholder is its last segment."));

  private CoreSettings() {}

  private static ConfigKey key(String name, String standard, String description) {
    return ConfigKey.of(name, description).withStandard(standard);
  }
}
