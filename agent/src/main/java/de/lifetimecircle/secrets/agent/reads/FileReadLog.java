package de.lifetimecircle.secrets.agent.reads;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.agent.sockets.PeerSocket;
import de.lifetimecircle.secrets.spi.ReaderAudit;
import de.lifetimecircle.secrets.spi.SecretAudit;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Writes what readers were given to the audit log that the configuration names, beside the requests
 * to the backend. Safe for use by several threads; blocks for the file.
 */
public final class FileReadLog implements ReadLog {
  private final ReaderAudit audit;

  private FileReadLog(ReaderAudit audit) {
    this.audit = audit;
  }

  /**
   * Returns the log of the provider's configuration; {@link ReadLog#NONE} if it names none.
   *
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} if it cannot be written
   */
  public static ReadLog of(SecretProvider provider) {
    Map<String, String> settings = new HashMap<>();
    for (Setting each : provider.settings()) {
      settings.put(each.key(), each.value());
    }
    String file = settings.getOrDefault("audit.log", "");
    if (file.isEmpty()) {
      return NONE;
    }
    StoreConfig config =
        new StoreConfig(
            Map.of("log", file),
            variable -> Optional.ofNullable(System.getenv(variable)),
            Duration.ofSeconds(10),
            InstantSource.system());
    return ServiceLoader.load(SecretAudit.class)
        .findFirst()
        .flatMap(audit -> audit.readers(settings.getOrDefault("backend", "store"), config))
        .<ReadLog>map(FileReadLog::new)
        .orElse(NONE);
  }

  @Override
  public void write(ReadEvent event) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("via", "agent");
    facts.put("reader-user", event.caller().user().orElse(PeerSocket.UNKNOWN));
    facts.put("program", event.caller().socket().program());
    facts.put("client", event.caller().client());
    facts.put("name", event.name());
    event.version().ifPresent(id -> facts.put("version", id));
    audit.write(event.operation(), event.principal(), facts, event.outcome());
  }

  @Override
  public void repeated(Denial denial, long count) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("via", "agent");
    facts.put("reader-user", denial.user());
    facts.put("program", denial.program());
    facts.put("client", denial.client());
    facts.put("name", denial.name());
    facts.put("count", String.valueOf(count));
    audit.write(denial.operation(), denial.principal(), facts, denial.outcome());
  }
}
