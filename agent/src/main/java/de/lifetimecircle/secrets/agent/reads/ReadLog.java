package de.lifetimecircle.secrets.agent.reads;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.agent.rules.Caller;
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
 * Writes answers and denials, with their callers, to the audit log that the configuration names,
 * beside the requests to the backend. Safe for use by several threads; blocks for the file.
 *
 * @param audit the log; empty where the configuration names none, and nothing is kept then
 */
public record ReadLog(Optional<ReaderAudit> audit) {
  /** A log that keeps nothing. */
  public static final ReadLog NONE = new ReadLog(Optional.empty());

  /**
   * Returns the log of the provider's configuration; {@link #NONE} if it names none.
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
    return new ReadLog(
        ServiceLoader.load(SecretAudit.class)
            .findFirst()
            .flatMap(audit -> audit.readers(settings.getOrDefault("backend", "store"), config)));
  }

  /** Writes one line. */
  void write(ReadEvent event) {
    audit.ifPresent(log -> write(log, event));
  }

  private static void write(ReaderAudit log, ReadEvent event) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("via", "agent");
    facts.put("reader-user", event.caller().user().orElse(PeerSocket.UNKNOWN));
    facts.put("program", event.caller().socket().program());
    facts.put("client", event.caller().client());
    facts.put("name", event.name());
    event.version().ifPresent(id -> facts.put("version", id));
    log.write(event.operation(), event.principal(), facts, event.outcome());
  }

  /**
   * Writes one line for denials that were not written one by one.
   *
   * @param count how many; at least 1
   */
  void repeated(Denial denial, long count) {
    audit.ifPresent(log -> write(log, denial, count));
  }

  private static void write(ReaderAudit log, Denial denial, long count) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("via", "agent");
    facts.put("reader-user", denial.user());
    facts.put("program", denial.program());
    facts.put("client", denial.client());
    facts.put("name", denial.name());
    facts.put("count", String.valueOf(count));
    log.write(denial.operation(), denial.principal(), facts, denial.outcome());
  }

  /**
   * The facts that equal denials share. Immutable.
   *
   * @param operation the requested operation
   * @param user the user at the other end; {@link PeerSocket#UNKNOWN} if the user is unknown
   * @param program the program at the other end
   * @param client the client's name for itself
   * @param principal the user or the token whose rights counted
   * @param name the name as it was asked for; {@code *} for several
   * @param outcome {@code access-denied}, or {@code caller-hidden} where the user at the other end
   *     cannot be found although the program is one of this host
   */
  record Denial(
      String operation,
      String user,
      String program,
      String client,
      String principal,
      String name,
      String outcome) {
    /** Longer texts of a client are cut: it chooses them. */
    private static final int LONGEST = 256;

    static Denial of(String operation, Caller caller, String principal, String name) {
      return new Denial(
          operation,
          caller.user().orElse(PeerSocket.UNKNOWN),
          caller.socket().program(),
          cut(caller.client()),
          principal,
          cut(name),
          caller.socket().isHidden() ? "caller-hidden" : "access-denied");
    }

    /** Returns what stands for the denials of this user that have no line of their own. */
    Denial ofOthers() {
      return new Denial("any", user, PeerSocket.UNKNOWN, "*", "*", "*", outcome);
    }

    private static String cut(String text) {
      return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
  }
}
