package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.operations.inventory.AuditRules.Hours;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Reason;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code audit} of an inventory. Stateless. */
final class AuditSectionReader {
  private AuditSectionReader() {}

  static AuditRules read(SectionFields inventory) {
    SectionFields fields = inventory.fields("audit");
    if (fields == null) {
      return AuditRules.NONE;
    }
    String reason = fields.oneOf("reason");
    return new AuditRules(
        Optional.ofNullable(hours(fields)),
        days(fields.words("days")),
        holidays(fields),
        fields.list(
            "addresses",
            NetworkRange::parse,
            text ->
                "not a range, or one with bits beyond its length (expected: such as 10.0.0.0/8 or"
                    + " 2001:db8::/32)",
            null),
        patterns("hosts", fields),
        principals(fields),
        reason == null ? Reason.OPTIONAL : Reason.valueOf(reason.toUpperCase(Locale.ROOT)));
  }

  private static Set<DayOfWeek> days(List<String> words) {
    return Arrays.stream(DayOfWeek.values())
        .filter(day -> words.contains(day.name().substring(0, 3).toLowerCase(Locale.ROOT)))
        .collect(Collectors.toSet());
  }

  private static @Nullable Hours hours(SectionFields fields) {
    String text = fields.text("working-hours", "such as 08:00-18:00");
    if (text == null) {
      return null;
    }
    int from = minute(text.substring(0, 5));
    int to = minute(text.substring(6));
    if (from >= to || to > 24 * 60) {
      fields.mistake(
          "working-hours", "the end is not after the beginning (expected: within a day)");
      return null;
    }
    return new Hours(time(from), time(to));
  }

  private static int minute(String time) {
    return Integer.parseInt(time.substring(0, 2)) * 60 + Integer.parseInt(time.substring(3));
  }

  private static LocalTime time(int minute) {
    return LocalTime.of(minute / 60 % 24, minute % 60);
  }

  private static Set<LocalDate> holidays(SectionFields fields) {
    return new LinkedHashSet<>(
        fields.list(
            "holidays",
            AuditSectionReader::day,
            text -> "not a day (expected: such as 2026-12-25)",
            text -> "the same day twice"));
  }

  private static Optional<LocalDate> day(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static List<String> patterns(String key, SectionFields fields) {
    InventorySchema pattern = fields.schema().at(key).items();
    return fields.list(
        key,
        text -> Optional.of(text).filter(pattern::takes),
        text -> "not a name (expected: no space, at most 256; '*' for any)",
        null);
  }

  private static Map<Role, List<String>> principals(SectionFields fields) {
    Map<Role, List<String>> principals = new EnumMap<>(Role.class);
    SectionFields roles = fields.fields("principals");
    if (roles != null) {
      for (Role role : Role.values()) {
        List<String> patterns = patterns(role.name().toLowerCase(Locale.ROOT), roles);
        if (!patterns.isEmpty()) {
          principals.put(role, patterns);
        }
      }
    }
    return principals;
  }
}
