package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.operations.inventory.AuditRules.Hours;
import de.lifetimecircle.secrets.operations.inventory.AuditRules.Role;
import de.lifetimecircle.secrets.operations.inventory.YamlTree.Text;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code audit} of an inventory. Used once, by one thread. */
final class AuditSectionReader {
  static final List<String> KEYS =
      List.of("working-hours", "days", "holidays", "addresses", "hosts", "principals", "reason");
  static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
  static final List<String> REASONS = List.of("optional", "agents", "required");
  static final List<String> ROLES = List.of("service", "ci", "rotator", "people");
  static final Pattern HOURS =
      Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])");
  static final Pattern PATTERN = Pattern.compile("[!-~]{1,256}");

  private final InventoryMistakes mistakes;

  private AuditSectionReader(InventoryMistakes mistakes) {
    this.mistakes = mistakes;
  }

  static AuditRules read(SectionFields inventory, InventoryMistakes mistakes) {
    SectionFields fields = inventory.fields("audit", KEYS);
    return fields == null ? AuditRules.NONE : new AuditSectionReader(mistakes).rules(fields);
  }

  private AuditRules rules(SectionFields fields) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    fields.words("days", DAYS).forEach(day -> days.add(DayOfWeek.of(DAYS.indexOf(day) + 1)));
    return new AuditRules(
        Optional.ofNullable(hours(fields)),
        days,
        holidays(fields),
        addresses(fields),
        patterns("hosts", fields),
        principals(fields),
        reason(fields.oneOf("reason", REASONS)));
  }

  private static AuditRules.Reason reason(@Nullable String word) {
    return word == null
        ? AuditRules.Reason.OPTIONAL
        : AuditRules.Reason.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static @Nullable Hours hours(SectionFields fields) {
    String text = fields.text("working-hours", HOURS, "such as 08:00-18:00");
    if (text == null) {
      return null;
    }
    Matcher matcher = HOURS.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    int from = minute(matcher.group(1), matcher.group(2));
    int to = minute(matcher.group(3), matcher.group(4));
    if (from >= to || to > 24 * 60) {
      fields.mistake(
          "working-hours", "the end is not after the beginning (expected: within a day)");
      return null;
    }
    return new Hours(time(from), time(to));
  }

  private static int minute(String hours, String minutes) {
    return Integer.parseInt(hours) * 60 + Integer.parseInt(minutes);
  }

  private static LocalTime time(int minute) {
    return LocalTime.of(minute / 60 % 24, minute % 60);
  }

  private Set<LocalDate> holidays(SectionFields fields) {
    Set<LocalDate> holidays = new LinkedHashSet<>();
    for (Text text : fields.texts("holidays")) {
      try {
        if (!holidays.add(LocalDate.parse(text.text()))) {
          mistakes.add(text.place(), "holidays: the same day twice");
        }
      } catch (DateTimeException e) {
        mistakes.add(text.place(), "holidays: not a day (expected: such as 2026-12-25)");
      }
    }
    return holidays;
  }

  private List<NetworkRange> addresses(SectionFields fields) {
    List<NetworkRange> addresses = new ArrayList<>();
    for (Text text : fields.texts("addresses")) {
      Optional<NetworkRange> network = NetworkRange.parse(text.text());
      network.ifPresent(addresses::add);
      if (network.isEmpty()) {
        mistakes.add(
            text.place(),
            "addresses: not a range, or one with bits beyond its length (expected: such as"
                + " 10.0.0.0/8 or 2001:db8::/32)");
      }
    }
    return addresses;
  }

  private List<String> patterns(String key, SectionFields fields) {
    List<String> patterns = new ArrayList<>();
    for (Text text : fields.texts(key)) {
      if (PATTERN.matcher(text.text()).matches()) {
        patterns.add(text.text());
      } else {
        mistakes.add(
            text.place(), key + ": not a name (expected: no space, at most 256; '*' for any)");
      }
    }
    return patterns;
  }

  private Map<Role, List<String>> principals(SectionFields fields) {
    Map<Role, List<String>> principals = new EnumMap<>(Role.class);
    SectionFields roles = fields.fields("principals", ROLES);
    if (roles != null) {
      for (String role : ROLES) {
        List<String> patterns = patterns(role, roles);
        if (!patterns.isEmpty()) {
          principals.put(Role.valueOf(role.toUpperCase(Locale.ROOT)), patterns);
        }
      }
    }
    return principals;
  }
}
