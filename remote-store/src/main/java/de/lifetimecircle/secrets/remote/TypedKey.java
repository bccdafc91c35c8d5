package de.lifetimecircle.secrets.remote;

import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A setting with a type: its description, its check and its default come from one declaration, and
 * {@link StoreSettings} reads it. Immutable.
 *
 * <pre>{@code
 * static final TypedKey<Integer> MAX_CONNECTIONS =
 *     TypedKey.number("max-connections", "Most connections at once, %s.", 16, 1, 1000);
 * static final TypedKey<String> LOGIN = TypedKey.choice("login", "How to log in: %s.", "token", "cert");
 * static final TypedKey<Optional<Path>> CA_FILE = TypedKey.file("ca-file", "PEM file to trust.");
 * static final List<ConfigKey> KEYS = TypedKey.keys(MAX_CONNECTIONS, LOGIN, CA_FILE);
 *
 * StoreSettings settings = new StoreSettings("example", config);
 * int connections = settings.read(MAX_CONNECTIONS);
 * settings.problems().throwIfAny();
 * }</pre>
 *
 * @param <T> what a value means
 */
public final class TypedKey<T> {
  private static final int LONGEST_SHOWN = 80;

  private static final int MAX_TAG_NAME = 128;
  private static final int MAX_TAG_VALUE = 256;

  private final ConfigKey key;
  private final T standard;
  private final BiFunction<StoreConfig, String, Optional<T>> meaning;
  private final String expected;
  private final UnaryOperator<String> shown;
  private final List<String> variables;

  private TypedKey(
      ConfigKey key,
      T standard,
      BiFunction<StoreConfig, String, Optional<T>> meaning,
      String expected,
      UnaryOperator<String> shown,
      List<String> variables) {
    this.key = key;
    this.standard = standard;
    this.meaning = meaning;
    this.expected = expected;
    this.shown = shown;
    this.variables = variables;
  }

  private TypedKey(
      ConfigKey key,
      T standard,
      BiFunction<StoreConfig, String, Optional<T>> meaning,
      String expected) {
    this(
        key,
        standard,
        meaning,
        expected,
        key.sensitivity() == ConfigKey.Sensitivity.SECRET ? text -> "redacted" : TypedKey::shown,
        List.of());
  }

  /**
   * Declares a number.
   *
   * @param name kebab-case, without the scheme
   * @param description one sentence for people, with {@code %s} where the range and the default go:
   *     {@code 1 to 1000; default 16}
   * @param standard the number that holds if none is set
   * @param least the smallest number, not negative
   * @param most the largest one, below a million
   * @return the setting
   * @throws IllegalArgumentException if the default is not in the range, or the range not allowed
   */
  public static TypedKey<Integer> number(
      String name, String description, int standard, int least, int most) {
    return number(name, description, standard, least, most, "");
  }

  /**
   * Declares a number of days, which users write as {@code 30d} or {@code 30}.
   *
   * @param name kebab-case, without the scheme
   * @param description one sentence for people, with {@code %s} where the range and the default go:
   *     {@code 7d to 30d; default 30d}
   * @param standard the number that holds if none is set
   * @param least the smallest number, not negative
   * @param most the largest one, below a million
   * @return the setting
   * @throws IllegalArgumentException if the default is not in the range, or the range not allowed
   */
  public static TypedKey<Integer> days(
      String name, String description, int standard, int least, int most) {
    return number(name, description, standard, least, most, "d");
  }

  private static TypedKey<Integer> number(
      String name, String description, int standard, int least, int most, String unit) {
    // Not String.format: the digits of a locale are some 35 classes before the first secret.
    String range = least + unit + " to " + most + unit;
    String text = range + "; default " + standard + unit;
    if (least < 0 || standard < least || most < standard || most >= 1_000_000) {
      throw new IllegalArgumentException(
          name + ": " + text + " (expected: 0 <= least <= default <= most < 1000000)");
    }
    return new TypedKey<>(
        ConfigKey.of(name, description.replace("%s", text)),
        standard,
        (config, given) ->
            Optional.of(given.strip())
                .map(
                    word ->
                        word.endsWith(unit)
                            ? word.substring(0, word.length() - unit.length())
                            : word)
                .filter(digits -> digits.matches("[0-9]{1,6}"))
                .map(Integer::valueOf)
                .filter(number -> number >= least && number <= most),
        range);
  }

  /**
   * Declares a choice of words.
   *
   * @param name kebab-case, without the scheme
   * @param description one sentence for people, with {@code %s} where the words go: {@code on
   *     (default) or off}
   * @param standard the word that holds if none is set
   * @param others the other words, at least one
   * @return the setting
   * @throws IllegalArgumentException if there is no other word
   */
  public static TypedKey<String> choice(
      String name, String description, String standard, String... others) {
    if (others.length == 0) {
      throw new IllegalArgumentException(
          name + ": only the word " + standard + " (expected: at least two words)");
    }
    return new TypedKey<>(
        ConfigKey.of(name, description.replace("%s", listed(standard + " (default)", others))),
        standard,
        (config, given) ->
            Stream.concat(Stream.of(standard), Stream.of(others))
                .filter(given.strip()::equals)
                .findAny(),
        listed(standard, others));
  }

  /**
   * Declares a text that may be left out.
   *
   * @param name kebab-case, without the scheme
   * @param description one sentence for people
   * @return the setting; its value comes without the spaces around it
   */
  public static TypedKey<Optional<String>> text(String name, String description) {
    return of(name, description, Optional::of, "a value, or leave it out");
  }

  /**
   * Declares a text of a form, which may be left out.
   *
   * @param name kebab-case, without the scheme
   * @param description one sentence for people
   * @param form the regular expression that the whole text matches
   * @param expected the form in words, for the report of a mistake
   * @return the setting; its value comes without the spaces around it
   */
  public static TypedKey<Optional<String>> text(
      String name, String description, String form, String expected) {
    Predicate<String> matches = Pattern.compile(form).asMatchPredicate();
    return of(name, description, given -> Optional.of(given).filter(matches), expected);
  }

  /**
   * Declares a setting of any type, which may be left out.
   *
   * @param <V> what a value means
   * @param name kebab-case, without the scheme
   * @param description one sentence for people
   * @param meaning what a text means, without the spaces around it; empty if it is not allowed
   * @param expected what is allowed, for the report of a mistake
   * @return the setting; a blank text is not allowed
   */
  public static <V> TypedKey<Optional<V>> of(
      String name, String description, Function<String, Optional<V>> meaning, String expected) {
    return optional(
        ConfigKey.of(name, description), (config, given) -> meaning.apply(given.strip()), expected);
  }

  /**
   * Declares a secret, which may be left out. No report shows it.
   *
   * @param name kebab-case, without the scheme
   * @param description one sentence for people
   * @return the setting; its value comes as it was written, with the spaces around it
   */
  public static TypedKey<Optional<String>> secret(String name, String description) {
    return optional(
        ConfigKey.secret(name, description),
        (config, given) -> Optional.of(given),
        "a value, or leave it out");
  }

  /**
   * Declares a file, which may be left out. Reading the setting does not look at the file.
   *
   * @param name kebab-case, without the scheme
   * @param description one sentence for people
   * @return the setting; its path is absolute, and {@code ~/} at its beginning is what the variable
   *     {@code HOME} names
   */
  public static TypedKey<Optional<Path>> file(String name, String description) {
    return optional(ConfigKey.of(name, description), TypedKey::path, "a path");
  }

  private static Optional<Path> path(StoreConfig config, String given) {
    String text = given.strip();
    Optional<String> home =
        text.startsWith("~/") ? config.environment().apply("HOME") : Optional.empty();
    try {
      String full = home.map(folder -> folder + text.substring(1)).orElse(text);
      return Optional.of(Path.of(full).toAbsolutePath());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static <V> TypedKey<Optional<V>> optional(
      ConfigKey key, BiFunction<StoreConfig, String, Optional<V>> meaning, String expected) {
    return new TypedKey<>(
        key,
        Optional.empty(),
        (config, given) -> {
          Optional<V> meant = given.isBlank() ? Optional.empty() : meaning.apply(config, given);
          return meant.isPresent() ? Optional.of(meant) : Optional.empty();
        },
        expected);
  }

  /**
   * Declares tags, which users write as {@code KEY=VALUE} with commas between them. A report shows
   * the keys of the tags that are wrong.
   *
   * @param name kebab-case, without the scheme
   * @param description one sentence for people
   * @param most how many there may be
   * @param reserved the beginning that no key may have, in lower case
   * @return the setting; its tags are in the order of the text
   */
  public static TypedKey<Map<String, String>> tags(
      String name, String description, int most, String reserved) {
    return new TypedKey<>(
        ConfigKey.of(name, description),
        Map.of(),
        (config, given) -> {
          Map<String, String> tags = new LinkedHashMap<>();
          boolean isGood = wrongTags(given, reserved, tags).isEmpty() && tags.size() <= most;
          return isGood ? Optional.of(tags) : Optional.empty();
        },
        "KEY=VALUE, each key once, at most "
            + most
            + ", of 1 to 128 and 0 to 256 characters, not beginning with "
            + reserved,
        given -> {
          Map<String, String> tags = new LinkedHashMap<>();
          List<String> wrong = wrongTags(given, reserved, tags);
          return wrong.isEmpty() ? tags.size() + " tags" : shown(String.join(", ", wrong));
        },
        List.of());
  }

  /** Puts the tags into the map, and returns the keys of those that are not allowed. */
  private static List<String> wrongTags(String text, String reserved, Map<String, String> tags) {
    List<String> wrong = new ArrayList<>();
    for (String tag : text.isBlank() ? new String[0] : text.split(",", -1)) {
      int sign = tag.indexOf('=');
      String key = (sign < 0 ? tag : tag.substring(0, sign)).strip();
      String value = sign < 0 ? "" : tag.substring(sign + 1).strip();
      boolean isGood =
          sign >= 0
              && !key.isEmpty()
              && key.length() <= MAX_TAG_NAME
              && value.length() <= MAX_TAG_VALUE
              && !key.toLowerCase(Locale.ROOT).startsWith(reserved);
      if (!isGood || tags.put(key, value) != null) {
        wrong.add(key.isEmpty() ? "(empty)" : key);
      }
    }
    return wrong;
  }

  /**
   * Returns the same setting with variables of the environment that hold where it is not set.
   *
   * @param names the variables; the first that is not blank holds
   * @return the setting that reads them
   */
  public TypedKey<T> or(String... names) {
    return new TypedKey<>(key, standard, meaning, expected, shown, List.of(names));
  }

  /**
   * Returns the same setting whose reports never show the text, because people put a secret there
   * by mistake, as the password in the place of the user.
   *
   * @param instead what a report says of a text that is not allowed: {@code not an id}
   * @return the setting that hides its text
   */
  public TypedKey<T> hidden(String instead) {
    return new TypedKey<>(key, standard, meaning, expected, text -> instead, variables);
  }

  private static String listed(String first, String... others) {
    StringBuilder text = new StringBuilder(first);
    for (int i = 0; i < others.length; i++) {
      text.append(i < others.length - 1 ? ", " : " or ").append(others[i]);
    }
    return text.toString();
  }

  /**
   * Returns the key, for the list of a factory.
   *
   * @return name and description
   */
  public ConfigKey key() {
    return key;
  }

  /**
   * Returns the name.
   *
   * @return the key without the scheme
   */
  public String name() {
    return key.name();
  }

  /**
   * Lists keys, for a factory.
   *
   * @param settings the settings in the order of their documentation
   * @return name and description of each
   */
  public static List<ConfigKey> keys(TypedKey<?>... settings) {
    return Stream.of(settings).<ConfigKey>map(TypedKey::key).toList();
  }

  T standard() {
    return standard;
  }

  List<String> variables() {
    return variables;
  }

  /** The meaning of a text; empty if it is not allowed. */
  Optional<T> meaning(StoreConfig config, String given) {
    return meaning.apply(config, given);
  }

  /** Says what is wrong with a text. */
  String mistake(String given) {
    return (given.isBlank() ? "empty" : shown.apply(given)) + " (expected: " + expected + ")";
  }

  private static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= LONGEST_SHOWN ? plain : plain.substring(0, LONGEST_SHOWN) + "…";
  }

  /** Shows the name. */
  @Override
  public String toString() {
    return "TypedKey[" + name() + "]";
  }
}
