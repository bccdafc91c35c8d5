package de.lifetimecircle.secrets.decision.results;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object, read by the expected types. An unexpected field is an {@link
 * IllegalArgumentException} that names the field by its path from the top of the document.
 */
final class ResultFields {
  private final String place;
  private final Map<?, ?> object;

  /**
   * Takes an object.
   *
   * @param place where it is in the document; empty at the top
   */
  ResultFields(String place, @Nullable Object value) {
    this.place = place;
    if (!(value instanceof Map<?, ?> map)) {
      throw unlike(place.isEmpty() ? "document" : place, value, "an object");
    }
    this.object = map;
  }

  String text(String key) {
    if (object.get(key) instanceof String text) {
      return text;
    }
    throw unlike(key, "a text");
  }

  boolean truth(String key) {
    if (object.get(key) instanceof Boolean truth) {
      return truth;
    }
    throw unlike(key, "true or false");
  }

  double number(String key) {
    if (object.get(key) instanceof BigDecimal number) {
      return number.doubleValue();
    }
    throw unlike(key, "a number");
  }

  OptionalDouble numberIfAny(String key) {
    return object.containsKey(key) ? OptionalDouble.of(number(key)) : OptionalDouble.empty();
  }

  long whole(String key) {
    if (object.get(key) instanceof BigDecimal number) {
      try {
        return number.longValueExact();
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(at(key) + ": not whole (expected: a whole number)", e);
      }
    }
    throw unlike(key, "a whole number");
  }

  Instant instant(String key) {
    try {
      return Instant.parse(text(key));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(at(key) + ": no moment (expected: ISO 8601, UTC)", e);
    }
  }

  Duration duration(String key) {
    try {
      return Duration.parse(text(key));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(at(key) + ": no duration (expected: ISO 8601)", e);
    }
  }

  <E extends Enum<E>> E one(Class<E> type, String key) {
    String name = text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    throw unlike(key, "one of " + Arrays.toString(type.getEnumConstants()));
  }

  /** Texts by text, in the order written. */
  Map<String, String> texts(String key) {
    ResultFields inner = new ResultFields(at(key), object.get(key));
    Map<String, String> texts = new LinkedHashMap<>();
    inner.object.keySet().forEach(k -> texts.put(String.valueOf(k), inner.text(String.valueOf(k))));
    return texts;
  }

  ResultText statement(String key) {
    return statement(at(key), object.get(key));
  }

  List<ResultText> statements(String key) {
    List<ResultText> statements = new ArrayList<>();
    for (Object element : list(key)) {
      statements.add(statement(at(key) + "[" + statements.size() + "]", element));
    }
    return statements;
  }

  private static ResultText statement(String place, @Nullable Object json) {
    try {
      return ResultText.read(json);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  /**
   * The figures of the noise floor: pairs of a statement and microseconds, in the order written.
   */
  Map<ResultText, BigDecimal> noise(String key) {
    Map<ResultText, BigDecimal> noise = new LinkedHashMap<>();
    for (Object element : list(key)) {
      if (!(element instanceof List<?> pair)
          || pair.size() != 2
          || !(pair.get(1) instanceof BigDecimal micros)) {
        throw unlike(at(key) + "[" + noise.size() + "]", element, "a statement and a number");
      }
      noise.put(statement(at(key) + "[" + noise.size() + "]", pair.get(0)), micros);
    }
    return noise;
  }

  List<ResultFields> objects(String key) {
    List<ResultFields> objects = new ArrayList<>();
    for (Object element : list(key)) {
      objects.add(new ResultFields(at(key) + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  private List<?> list(String key) {
    if (object.get(key) instanceof List<?> list) {
      return list;
    }
    throw unlike(key, "a list");
  }

  private String at(String key) {
    return place.isEmpty() ? key : place + "." + key;
  }

  private IllegalArgumentException unlike(String key, String expected) {
    return object.containsKey(key)
        ? unlike(at(key), object.get(key), expected)
        : new IllegalArgumentException(at(key) + ": missing (expected: " + expected + ")");
  }

  private static IllegalArgumentException unlike(
      String place, @Nullable Object value, String expected) {
    return new IllegalArgumentException(
        place + ": " + kind(value) + " (expected: " + expected + ")");
  }

  private static String kind(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Map) {
      return "an object";
    }
    if (value instanceof List) {
      return "a list";
    }
    return value instanceof String ? "another text" : value.toString();
  }
}
