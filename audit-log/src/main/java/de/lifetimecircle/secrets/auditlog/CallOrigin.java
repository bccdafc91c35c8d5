package de.lifetimecircle.secrets.auditlog;

import de.lifetimecircle.secrets.spi.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * The caller, and where it runs. Immutable.
 *
 * @param principal the settings' name for this program; its account if they name none
 * @param user the account of the operating system
 * @param host the machine's name for itself; no name service is asked
 * @param pid the process
 * @param reason why it asks, in its own words; empty if it does not say
 * @param actor {@code agent}, {@code person} or {@code program}; empty if unknown
 */
record CallOrigin(
    String principal, String user, String host, long pid, String reason, String actor) {
  private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");

  static CallOrigin of(StoreConfig settings) {
    String user = System.getProperty("user.name", "unknown");
    return new CallOrigin(
        settings.get("principal").filter(set -> !set.isEmpty()).orElse(user),
        user,
        host(LINUX, settings.environment()),
        ProcessHandle.current().pid(),
        settings.get("reason").orElse(""),
        settings.get("actor").filter(set -> !set.isEmpty()).orElse("program"));
  }

  /** Returns the same process as it acts for another user. */
  CallOrigin as(String other) {
    return new CallOrigin(other, user, host, pid, reason, "");
  }

  /** Returns the name in that file of the system, or what a variable says. */
  static String host(Path file, Function<String, Optional<String>> environment) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) { // another system, where a variable has it
      return environment
          .apply("HOSTNAME")
          .or(() -> environment.apply("COMPUTERNAME"))
          .orElse("unknown");
    }
  }
}
