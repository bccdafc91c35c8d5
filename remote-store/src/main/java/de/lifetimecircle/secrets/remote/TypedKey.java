package de.lifetimecircle.secrets.remote;

import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A setting that takes a number of a range, or one of some words: its description, its check and
 * its default come from one declaration. Immutable.
 *
 * <pre>{@code
 * static final TypedKey<Integer> MAX_CONNECTIONS =
 *     TypedKey.number("max-connections", "Most connections at once, %s.", 16, 1, 1000);
 * static final TypedKey<String> LOGIN = TypedKey.choice("login", "How to log in: %s.", "token", "cert");
 * static final List<ConfigKey> KEYS = List.of(MAX_CONNECTIONS.key(), LOGIN.key());
 *
 * int connections = MAX_CONNECTIONS.read(config, "example", problems);
 * }</pre>
 *
 * @param <T> what a value means
 */
public final class TypedKey<T> {
  private static final int LONGEST_SHOWN = 80;

  private final ConfigKey key;
  private final T standard;
  private final Function<String, Optional<T>> meaning;
  private final String expected;

  private TypedKey(
      ConfigKey key, T standard, Function<String, Optional<T>> meaning, String expected) {
    this.key = key;
    this.standard = standard;
    this.meaning = meaning;
    this.expected = expected;
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
    String range = String.format(Locale.ROOT, "%d%s to %d%s", least, unit, most, unit);
    String text = String.format(Locale.ROOT, "%s; default %d%s", range, standard, unit);
    if (least < 0 || standard < least || most < standard || most >= 1_000_000) {
      throw new IllegalArgumentException(
          name + ": " + text + " (expected: 0 <= least <= default <= most < 1000000)");
    }
    return new TypedKey<>(
        ConfigKey.of(name, description.replace("%s", text)),
        standard,
        given ->
            Optional.of(given)
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
        given ->
            Stream.concat(Stream.of(standard), Stream.of(others)).filter(given::equals).findAny(),
        listed(standard, others));
  }

  private static String listed(String first, String... others) {
    int last = others.length - 1;
    return Stream.concat(Stream.of(first), Stream.of(others).limit(last))
            .collect(Collectors.joining(", "))
        + " or "
        + others[last];
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
   * Reads the value. One that is not allowed is reported, with the expected ones.
   *
   * @param config the settings of the store
   * @param scheme the word in front of the key, for the report
   * @param problems gets the report
   * @return what the value means; the default if none is set or if it is not allowed
   */
  public T read(StoreConfig config, String scheme, ConfigProblems problems) {
    return find(config, scheme, problems).orElse(standard);
  }

  /**
   * Reads the value as {@link #read} does, for a reader that must not use the default in place of a
   * mistake.
   *
   * @param config the settings of the store
   * @param scheme the word in front of the key, for the report
   * @param problems gets the report
   * @return what the value means, or the default if none is set; empty if it is not allowed
   */
  public Optional<T> find(StoreConfig config, String scheme, ConfigProblems problems) {
    Optional<String> given = config.get(name());
    if (given.isEmpty()) {
      return Optional.of(standard);
    }
    Optional<T> meant = meaning.apply(given.get().strip());
    if (meant.isEmpty()) {
      problems.add(
          scheme + "." + name() + ": " + shown(given.get()) + " (expected: " + expected + ")");
    }
    return meant;
  }

  private static String shown(String text) {
    String plain = text.isBlank() ? "empty" : text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= LONGEST_SHOWN ? plain : plain.substring(0, LONGEST_SHOWN) + "…";
  }

  /** Shows the name. */
  @Override
  public String toString() {
    return "TypedKey[" + name() + "]";
  }
}
