package de.lifetimecircle.secrets.decision.results;

import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.journal.JsonForm;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A statement about a result as data: a key and the arguments of its text. The text itself is in
 * {@code results_en.properties} and its translations. Immutable.
 *
 * @param key of the text
 * @param arguments numbers, names that read the same in every language, and other statements
 */
public record ResultText(String key, List<Object> arguments) implements JsonForm {
  private static final String MEASURE = "measure.";
  private static final String OMISSION = "not";

  private static final Map<Language, LocalizedTexts> TEXTS =
      Arrays.stream(Language.values())
          .collect(
              Collectors.toMap(
                  Function.identity(), language -> LocalizedTexts.of(ResultText.class, language)));

  /**
   * Copies the arguments.
   *
   * @throws IllegalArgumentException if one of them is neither a number, nor a name, nor a
   *     statement
   */
  public ResultText {
    arguments = arguments.stream().map(ResultText::argument).toList();
  }

  private static Object argument(@Nullable Object argument) {
    if (argument instanceof Integer || argument instanceof Long) {
      return BigDecimal.valueOf(((Number) argument).longValue());
    }
    if (argument instanceof BigDecimal
        || argument instanceof String
        || argument instanceof ResultText) {
      return argument;
    }
    throw new IllegalArgumentException(
        "argument: "
            + (argument == null ? "null" : argument.getClass().getSimpleName())
            + " (expected: a number or a text)");
  }

  /** Returns the statement with that key and these arguments. */
  public static ResultText of(String key, Object... arguments) {
    return new ResultText(key, Arrays.asList(arguments));
  }

  /** Returns a name that reads the same in every language, such as that of a program. */
  public static ResultText name(String name) {
    return of("name", name);
  }

  /** Returns what was measured, e.g. {@code cold-get}; an unknown id reads as it is. */
  public static ResultText measure(String id) {
    return of(MEASURE + id);
  }

  /** Returns a number as an argument that shows so many decimals. */
  public static BigDecimal rounded(double number, int decimals) {
    return BigDecimal.valueOf(number).setScale(decimals, RoundingMode.HALF_UP);
  }

  /** Returns the statement that something was left out on purpose, not by a failure. */
  public static ResultText omission(String participant, ResultText what) {
    return of(OMISSION, participant, what);
  }

  /** Whether something was left out on purpose, not by a failure. */
  public boolean isOmission() {
    return key.equals(OMISSION);
  }

  /** Returns the JSON form: a list of the key and the arguments. */
  @Override
  public List<Object> json() {
    List<Object> json = new ArrayList<>();
    json.add(key);
    arguments.forEach(each -> json.add(each instanceof ResultText text ? text.json() : each));
    return json;
  }

  /**
   * Reads the JSON form.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static ResultText read(@Nullable Object json) {
    if (!(json instanceof List<?> list) || list.isEmpty() || !(list.get(0) instanceof String key)) {
      throw new IllegalArgumentException("no statement (expected: a list that begins with a key)");
    }
    List<Object> arguments = new ArrayList<>();
    for (Object each : list.subList(1, list.size())) {
      arguments.add(each instanceof List ? read(each) : each);
    }
    return new ResultText(key, arguments);
  }

  /** Returns the text in that language; a key that this version does not know reads as it is. */
  public String in(Language language) {
    LocalizedTexts texts = Objects.requireNonNull(TEXTS.get(language));
    List<String> parts = arguments.stream().map(each -> text(each, texts)).toList();
    if (texts.has(key)) {
      return texts.text(key, parts.toArray());
    }
    String id = key.startsWith(MEASURE) ? key.substring(MEASURE.length()) : key;
    return parts.isEmpty() ? id : id + ": " + String.join(", ", parts);
  }

  private static String text(Object argument, LocalizedTexts texts) {
    if (argument instanceof BigDecimal number) {
      return texts.number(number, number.scale(), number.scale());
    }
    return argument instanceof ResultText text ? text.in(texts.language()) : argument.toString();
  }
}
