package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.SecretValidator;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.TimeSource;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import de.lifetimecircle.secrets.internal.metrics.JmxMetrics;
import de.lifetimecircle.secrets.internal.metrics.LogMetrics;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.NearestName;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one provider, checked, and what they open on the class path. Every mistake is
 * added to the problems, none is thrown here.
 */
public final class Configuration {
  public static final String BACKEND = "backend";
  public static final String PUSH = "push";
  private static final String VALIDATE = "validate.";

  /** The source of a setting that nothing in the library's own sources sets. */
  private static final String DEFAULT = "default";

  /**
   * Whoever wants short ages may wait for a slow backend, but not for longer than a person does.
   */
  private static final Duration PATIENT = Duration.ofMinutes(1);

  /** Each 1024 times the one before. */
  private static final List<String> UNITS_OF_BYTES = List.of("", "k", "m", "g");

  /** The mistakes so far. */
  public final ConfigProblems problems = new ConfigProblems();

  /** Ages and limits. */
  public final CachePolicy policy;

  private final Extensions extensions = new Extensions(problems);
  private final Map<String, String> environment;
  private final TimeSource time;
  private final Map<String, Setting> found;

  /** Reads all sources; those in code are the strongest. */
  public Configuration(
      Map<String, ConfigSources.Given> inCode, Map<String, String> environment, TimeSource time) {
    this.environment = environment;
    this.time = time;
    this.found = new ConfigSources(problems, environment, extensions).read(inCode);
    reportUnknownKeys();
    this.policy = policy();
  }

  private void reportUnknownKeys() {
    for (Setting each : found.values()) {
      String key = each.key();
      if (!key.startsWith(VALIDATE) && extensions.key(key) == null && !extensions.lackOwner(key)) {
        String prefix = ConfigSources.PROPERTY_PREFIX;
        String hint =
            key.startsWith(prefix)
                ? "; write '" + key.substring(prefix.length()) + "', without '" + prefix + "'"
                : NearestName.hint(key, extensions.keys().keySet());
        problems.add(key + ": unknown key in " + each.source() + hint);
      }
    }
  }

  public String text(String key) {
    Setting set = found.get(key);
    return set != null ? set.value() : standard(key);
  }

  private String standard(String key) {
    return Objects.requireNonNull(Extensions.OWN.get(key), key).standard();
  }

  private void wrong(String key, String expected) {
    problems.add(key + ": " + text(key) + " (expected: " + expected + ")");
  }

  private CachePolicy policy() {
    String jitter = text("jitter");
    String percent = jitter.endsWith("%") ? jitter.substring(0, jitter.length() - 1) : jitter;
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
        integer("jitter", percent, 0, 50) / 100.0,
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

  /** Opens the store of a scheme; returns null after adding the problems. */
  public @Nullable SecretStore store(String scheme) {
    return extensions.stores().open(scheme, problems, factory -> factory.open(of(scheme)));
  }

  /** The store with the audit log around it, if one is set; null after adding the problems. */
  public @Nullable SecretStore audited(SecretStore bare, String scheme) {
    return text("audit.log").isEmpty()
        ? bare
        : Extensions.open(problems, () -> Extensions.audit().around(bare, scheme, of("audit")));
  }

  /** The metrics of the engine with those that were set in code and those that the key names. */
  public EngineMetrics metrics(List<SecretMetrics> inCode, String scheme) {
    List<SecretMetrics> all = new ArrayList<>(inCode);
    Set<String> words = new LinkedHashSet<>();
    for (String word : text("metrics").split(",", -1)) {
      words.add(word.strip());
    }
    if (words.remove(Factories.NONE) && !words.isEmpty()) {
      wrong("metrics", "none alone, or others without it");
    }
    for (String word : words) {
      SecretMetrics opened =
          switch (word) {
            case Factories.LOG -> new LogMetrics();
            case Factories.JMX -> new JmxMetrics(scheme);
            default ->
                extensions
                    .metrics()
                    .open(word, problems, factory -> factory.create(scheme, of(word)));
          };
      if (opened != null) {
        all.add(opened);
      }
    }
    return new EngineMetrics(all, scheme, price(scheme) / 10_000);
  }

  /** The channel that the key names; null for none, and after adding a problem. */
  public @Nullable RotationChannel channel(Function<String, String> secrets) {
    String word = text(PUSH);
    return word.equals(Factories.NONE)
        ? null
        : extensions.channels().open(word, problems, factory -> factory.open(of(word), secrets));
  }

  /** How the provider takes the notices of a channel. */
  public PushSettings pushSettings() {
    return new PushSettings(
        duration("push-delay", Duration.ZERO), duration("push-catch-up", Duration.ZERO));
  }

  private double price(String scheme) {
    String price = text("call-price");
    if (price.isEmpty()) {
      SecretStoreFactory factory =
          scheme.equals(SecretStore.NO_SCHEME) ? null : extensions.stores().found().get(scheme);
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

  public ValueSizeLimit limits() {
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

  /** A time; after adding a problem that of the default, which the key has to have. */
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
    return DurationFormat.parse(standard(key));
  }

  private int integer(String key, int least, int most) {
    return integer(key, text(key), least, most);
  }

  private int integer(String key, String digits, int least, int most) {
    try {
      int value = Integer.parseInt(digits);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, as above.
    }
    wrong(key, "a whole number from " + least + " to " + most);
    return least;
  }

  public @Nullable String overridePattern() {
    String pattern = text("override-pattern");
    if (!pattern.contains(LocalOverrides.PLACEHOLDER)
        || pattern.equals(LocalOverrides.PLACEHOLDER)) {
      wrong(
          "override-pattern",
          "a variable's name with " + LocalOverrides.PLACEHOLDER + " and something besides");
    }
    return choice("overrides", "on", "off").equals("on") ? pattern : null;
  }

  public Map<String, List<SecretValidator>> validators(
      Map<String, List<SecretValidator>> ofBuilder) {
    Map<String, List<SecretValidator>> rules = new LinkedHashMap<>();
    for (Map.Entry<String, List<SecretValidator>> each : ofBuilder.entrySet()) {
      rules.put(each.getKey(), new ArrayList<>(each.getValue()));
    }
    for (Setting each : found.values()) {
      String key = each.key();
      if (key.startsWith(VALIDATE)) {
        int rule = key.lastIndexOf('.');
        String name = key.substring(VALIDATE.length(), Math.max(rule, VALIDATE.length()));
        if (name.isEmpty()) {
          problems.add(key + ": names no secret (expected: validate.NAME.RULE)");
          continue;
        }
        SecretValidator validator = validator(key, key.substring(rule + 1), each.value());
        if (validator != null) {
          rules.computeIfAbsent(name, unused -> new ArrayList<>()).add(validator);
        }
      }
    }
    return rules;
  }

  private @Nullable SecretValidator validator(String key, String rule, String value) {
    return switch (rule) {
      case "min-length" -> ValidatorCatalog.minLength(integer(key, 1, 1 << 20));
      case "prefix" -> ValidatorCatalog.prefix(value);
      case "matches" -> matches(key, value);
      case "check" -> check(key, value);
      default -> {
        String hint = NearestName.hint(rule, List.of("min-length", "prefix", "matches", "check"));
        problems.add(
            key + ": unknown rule (expected: min-length, prefix, matches or check" + hint + ")");
        yield null;
      }
    };
  }

  private @Nullable SecretValidator matches(String key, String expression) {
    try {
      return ValidatorCatalog.matches(Pattern.compile(expression));
    } catch (PatternSyntaxException e) {
      wrong(key, "a regular expression");
      return null;
    }
  }

  private @Nullable SecretValidator check(String key, String name) {
    Optional<SecretValidator> check = ValidatorCatalog.check(name);
    if (check.isEmpty()) {
      wrong(key, "a known check" + NearestName.hint(name, ValidatorCatalog.checks()));
    }
    return check.orElse(null);
  }

  /** The settings of one extension, without its word. */
  private StoreConfig of(String word) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Setting each : found.values()) {
      if (each.key().startsWith(word + ".")) {
        values.put(each.key().substring(word.length() + 1), each.value());
      }
    }
    return new StoreConfig(
        values, variable -> Optional.ofNullable(environment.get(variable)), policy.timeout(), time);
  }

  /**
   * Returns the settings in force, for people. A value is shown only if its key is documented as
   * public.
   *
   * @param scheme the scheme of the store
   * @param place what the store has resolved, as it says it
   */
  public List<Setting> settings(String scheme, Map<String, String> place) {
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (ConfigKey each : CoreSettings.KEYS) {
      settings.put(each.name(), new Setting(each.name(), each.standard(), DEFAULT));
    }
    for (Setting each : found.values()) {
      boolean shown = isPublic(each.key());
      settings.put(each.key(), shown ? each : new Setting(each.key(), "redacted", each.source()));
    }
    place.forEach(
        (key, value) -> {
          String whole = scheme + "." + key;
          settings.putIfAbsent(whole, new Setting(whole, value, DEFAULT));
        });
    return List.copyOf(settings.values());
  }

  /** The key of a backend whose jar is absent may bear a secret, as {@code vault.token} does. */
  private boolean isPublic(String key) {
    if (key.startsWith(VALIDATE)) {
      return true;
    }
    ConfigKey documented = extensions.key(key);
    return documented != null && documented.sensitivity() == ConfigKey.Sensitivity.PUBLIC;
  }
}
