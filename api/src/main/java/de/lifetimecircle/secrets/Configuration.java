package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.NearestName;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.RotationChannelFactory;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.spi.SecretMetricsFactory;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The settings of the pipeline, checked; every mistake is gathered, none is thrown here. */
final class Configuration {
  static final String BACKEND = "backend";
  private static final String VALIDATE = "validate.";

  /**
   * Whoever wants short ages may wait for a slow backend, but not for longer than a person does.
   */
  private static final Duration PATIENT = Duration.ofMinutes(1);

  /** Each 1024 times the one before. */
  private static final List<String> UNITS_OF_BYTES = List.of("", "k", "m", "g");

  private final Map<String, Setting> found;
  private final ConfigProblems problems;
  private final Extensions extensions;

  Configuration(Map<String, Setting> found, Extensions extensions, ConfigProblems problems) {
    this.found = found;
    this.extensions = extensions;
    this.problems = problems;
  }

  void reportUnknownKeys() {
    Set<String> known = extensions.allKeys().keySet();
    for (Map.Entry<String, Setting> entry : found.entrySet()) {
      String key = entry.getKey();
      String owner = key.substring(0, Math.max(0, key.indexOf('.')));
      if (!known.contains(key) && !key.startsWith(VALIDATE) && !extensions.lack(owner)) {
        String hint = NearestName.hint(key, known);
        problems.add(key + ": unknown key in " + entry.getValue().source() + hint);
      }
    }
  }

  String text(String key) {
    Setting entry = found.get(key);
    return entry != null ? entry.value() : CoreSettings.DEFAULTS.getOrDefault(key, "");
  }

  private void wrong(String key, String expected) {
    problems.add(key + ": " + text(key) + " (expected: " + expected + ")");
  }

  CachePolicy policy() {
    Duration soft = duration("soft-age", Duration.ofMillis(1));
    Duration stale = duration("max-stale", Duration.ofMillis(1));
    if (stale.compareTo(soft) < 0) {
      problems.add("max-stale: " + stale + " (expected: >= soft-age, " + soft + ")");
    }
    Duration timeout = duration("timeout", Duration.ofMillis(1));
    if (timeout.compareTo(stale) > 0 && timeout.compareTo(PATIENT) > 0) {
      wrong("timeout", "at most 1m or max-stale, " + text("max-stale") + ": readers wait for it");
    }
    return new CachePolicy(
        soft,
        stale,
        duration("negative-age", Duration.ZERO),
        timeout,
        integer("retries", 0, 10),
        integer("jitter", 0, 50) / 100.0,
        duration("idle", Duration.ZERO),
        integer("max-names", 1, 100_000_000),
        bytes("max-bytes"));
  }

  private long bytes(String key) {
    String text = text(key);
    int digits = DurationFormat.digits(text);
    int power = UNITS_OF_BYTES.indexOf(text.substring(digits));
    long count = digits == 0 ? 0 : Long.parseLong(text.substring(0, digits));
    if (power < 0 || count == 0) {
      wrong(key, "a number of bytes such as 4096, 512k or 64m, > 0");
      return 1;
    }
    return count << (10 * power);
  }

  /** The metrics of the engine with those that were set in code and those that the key names. */
  EngineMetrics metrics(
      List<SecretMetrics> inCode, String scheme, Function<String, StoreConfig> settings) {
    List<SecretMetrics> all = new ArrayList<>(inCode);
    Set<String> words = new LinkedHashSet<>(List.of(text("metrics").split("\\s*,\\s*", -1)));
    if (words.remove(MetricsFactories.NONE) && !words.isEmpty()) {
      wrong("metrics", "none alone, or others without it");
    }
    for (String word : words) {
      SecretMetricsFactory factory = extensions.metrics().get(word);
      switch (word) {
        case MetricsFactories.LOG -> all.add(new LogMetrics());
        case MetricsFactories.JMX -> all.add(new JmxMetrics(scheme));
        default -> {
          if (factory == null) {
            problems.add(MetricsFactories.missing(word, extensions.metrics().keySet()));
          } else {
            SecretMetrics opened =
                Extensions.open(problems, () -> factory.create(scheme, settings.apply(word)));
            if (opened != null) {
              all.add(opened);
            }
          }
        }
      }
    }
    return new EngineMetrics(all, scheme, price(scheme) / 10_000);
  }

  /** The channel that the key names; null for none, and after adding a problem. */
  @Nullable RotationPush push(
      @Nullable RotationChannel inCode,
      Function<String, StoreConfig> settings,
      Function<String, String> secrets) {
    PushSettings notices =
        new PushSettings(
            duration("push-delay", Duration.ZERO), duration("push-catch-up", Duration.ZERO));
    if (inCode != null) {
      return new RotationPush("a channel of the program", inCode, notices);
    }
    String word = text("push");
    if (word.equals(ChannelFactories.NONE)) {
      return null;
    }
    RotationChannelFactory factory = extensions.channels().get(word);
    if (factory == null) {
      problems.add(ChannelFactories.missing(word, extensions.channels().keySet()));
      return null;
    }
    RotationChannel opened =
        Extensions.open(problems, () -> factory.open(settings.apply(word), secrets));
    return opened == null ? null : new RotationPush(word, opened, notices);
  }

  private double price(String scheme) {
    String price = text("call-price");
    if (price.isEmpty()) {
      SecretStoreFactory factory = extensions.stores().get(scheme);
      return factory == null ? 0 : factory.dollarsPer10000Requests();
    }
    try {
      double dollars = Double.parseDouble(price);
      if (dollars >= 0 && dollars < 1_000_000) {
        return dollars;
      }
    } catch (NumberFormatException e) {
      // Reported below, as above.
    }
    wrong("call-price", "US dollars for 10,000 requests, such as 0.05");
    return 0;
  }

  ValueSizeLimit limits() {
    return choice("limits", "portable", "backend").equals("backend")
        ? ValueSizeLimit.BACKEND
        : ValueSizeLimit.PORTABLE;
  }

  /** Returns the chosen word; the first one if the setting is not one of them. */
  private String choice(String key, String... words) {
    String chosen = text(key);
    if (List.of(words).contains(chosen)) {
      return chosen;
    }
    wrong(key, String.join(" or ", words));
    return words[0];
  }

  private Duration duration(String key, Duration least) {
    try {
      Duration value = DurationFormat.parse(text(key));
      if (value.compareTo(least) >= 0 && value.compareTo(DurationFormat.LONGEST) <= 0) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      // Reported below with the given and the expected value; the exception adds nothing.
    }
    String sign = least.isZero() ? "not negative" : "> 0";
    wrong(key, "a time such as 30s, 5m, 24h or PT5M, " + sign + ", at most 365 days");
    return DurationFormat.parse(CoreSettings.DEFAULTS.getOrDefault(key, "1s"));
  }

  private int integer(String key, int least, int most) {
    String text =
        text(key).endsWith("%") ? text(key).substring(0, text(key).length() - 1) : text(key);
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, as above.
    }
    wrong(key, "a whole number from " + least + " to " + most);
    return least;
  }

  @Nullable String overridePattern() {
    String pattern = text("override-pattern");
    if (!pattern.contains(LocalOverrides.PLACEHOLDER)
        || pattern.equals(LocalOverrides.PLACEHOLDER)) {
      wrong(
          "override-pattern",
          "a variable's name with " + LocalOverrides.PLACEHOLDER + " and something besides");
    }
    return choice("overrides", "on", "off").equals("on") ? pattern : null;
  }

  Map<String, List<SecretValidator>> validators(Map<String, List<SecretValidator>> ofBuilder) {
    Map<String, List<SecretValidator>> rules = new LinkedHashMap<>();
    for (Map.Entry<String, List<SecretValidator>> each : ofBuilder.entrySet()) {
      rules.put(each.getKey(), new ArrayList<>(each.getValue()));
    }
    for (Map.Entry<String, Setting> each : found.entrySet()) {
      String key = each.getKey();
      if (key.startsWith(VALIDATE)) {
        int rule = key.lastIndexOf('.');
        String name = key.substring(VALIDATE.length(), Math.max(rule, VALIDATE.length()));
        if (name.isEmpty()) {
          problems.add(key + ": names no secret (expected: validate.NAME.RULE)");
          continue;
        }
        SecretValidator validator =
            validator(key, key.substring(rule + 1), each.getValue().value());
        if (validator != null) {
          List<SecretValidator> ofName = rules.getOrDefault(name, new ArrayList<>());
          ofName.add(validator);
          rules.put(name, ofName);
        }
      }
    }
    return rules;
  }

  private @Nullable SecretValidator validator(String key, String rule, String value) {
    switch (rule) {
      case "min-length" -> {
        return ValidatorCatalog.minLength(integer(key, 1, 1 << 20));
      }
      case "prefix" -> {
        return ValidatorCatalog.prefix(value);
      }
      case "matches" -> {
        try {
          return ValidatorCatalog.matches(Pattern.compile(value));
        } catch (PatternSyntaxException e) {
          wrong(key, "a regular expression");
          return null;
        }
      }
      case "check" -> {
        SecretValidator check = ValidatorCatalog.CHECKS.get(value);
        if (check == null) {
          wrong(key, "a known check" + NearestName.hint(value, ValidatorCatalog.CHECKS.keySet()));
        }
        return check;
      }
      default -> {
        String hint = NearestName.hint(rule, List.of("min-length", "prefix", "matches", "check"));
        problems.add(
            key + ": unknown rule (expected: min-length, prefix, matches or check" + hint + ")");
        return null;
      }
    }
  }

  /** The values for one backend, without its scheme. */
  Map<String, String> of(String scheme) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, Setting> each : found.entrySet()) {
      if (each.getKey().startsWith(scheme + ".")) {
        values.put(each.getKey().substring(scheme.length() + 1), each.getValue().value());
      }
    }
    return values;
  }

  /**
   * Returns the settings in force, for people. A value is shown only if its key is documented as
   * public.
   */
  List<Setting> settings() {
    Map<String, ConfigKey> known = extensions.allKeys();
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (Map.Entry<String, String> each : CoreSettings.DEFAULTS.entrySet()) {
      settings.put(each.getKey(), new Setting(each.getKey(), each.getValue(), "default"));
    }
    for (Setting each : found.values()) {
      boolean shown = isPublic(each.key(), known);
      settings.put(each.key(), shown ? each : new Setting(each.key(), "redacted", each.source()));
    }
    return List.copyOf(settings.values());
  }

  /** The key of a backend whose jar is absent may bear a secret, as {@code vault.token} does. */
  private static boolean isPublic(String key, Map<String, ConfigKey> known) {
    ConfigKey documented = known.get(key);
    return documented != null
        ? documented.sensitivity() == ConfigKey.Sensitivity.PUBLIC
        : key.startsWith(VALIDATE);
  }
}
