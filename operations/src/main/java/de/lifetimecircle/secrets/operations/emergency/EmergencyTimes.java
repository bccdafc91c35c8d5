package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats times for people. Stateless. */
final class EmergencyTimes {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm VV", Locale.ROOT);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private static final DateTimeFormatter FILE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);

  private EmergencyTimes() {}

  static String forFiles(InventoryLocation site, Instant time) {
    return FILE.format(time.atZone(site.inventory().zone()));
  }

  /** Returns a time in the team's time zone. */
  static String minute(InventoryLocation site, Instant time) {
    return MINUTE.format(time.atZone(site.inventory().zone()));
  }

  static String second(InventoryLocation site, Instant time) {
    return SECOND.format(time.atZone(site.inventory().zone()));
  }

  /** Returns minutes and seconds, such as {@code 4:07}. */
  static String minutes(Duration duration) {
    return String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
  }
}
