package de.lifetimecircle.secrets.decision.results;

import de.lifetimecircle.secrets.spi.Json;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into JSON objects and back: the members have the names and the order of the
 * components. A figure that is empty has no member. A member that the record does not have is
 * passed over. A component of another class is a text: {@code toString} and a static {@code
 * parse(CharSequence)}. Stateless.
 */
public final class RecordJson {
  private static final Object MISSING = new Object();

  private RecordJson() {}

  /** Returns an object of these names and values in turn, in this order. */
  public static Map<String, @Nullable Object> object(@Nullable Object... pairs) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      object.put(String.valueOf(pairs[i]), json(pairs[i + 1]));
    }
    return object;
  }

  /** Returns the components of a record as an object. */
  public static Map<String, @Nullable Object> object(Record record) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true); // a record need not be public
        Object value = accessor.invoke(record);
        if (isOfStatements(component.getGenericType())) {
          object.put(component.getName(), pairs((Map<?, ?>) value));
        } else if (!OptionalDouble.empty().equals(value)) {
          object.put(component.getName(), json(value));
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Cannot read " + component, e);
      }
    }
    return object;
  }

  private static boolean isOfStatements(Type type) {
    return type instanceof ParameterizedType generic
        && generic.getRawType() == Map.class
        && generic.getActualTypeArguments()[0] == ResultText.class;
  }

  /** A statement is no name of a member: such a map is a list of pairs. */
  private static List<@Nullable Object> pairs(Map<?, ?> map) {
    List<@Nullable Object> pairs = new ArrayList<>();
    map.forEach((key, value) -> pairs.add(json(List.of(key, value))));
    return pairs;
  }

  /** Leaves a figure that is not finite as it is, and {@link Json#write} rejects it. */
  private static @Nullable Object json(@Nullable Object value) {
    if (value instanceof ResultText text) {
      return text.json();
    }
    if (value instanceof Record record) {
      return object(record);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(RecordJson::json).collect(Collectors.toCollection(ArrayList::new));
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      map.forEach((key, each) -> object.put(String.valueOf(key), json(each)));
      return object;
    }
    if (value instanceof OptionalDouble figure) {
      return json(figure.getAsDouble());
    }
    if (value instanceof Double number && Double.isFinite(number)) {
      return BigDecimal.valueOf(number);
    }
    return value == null || value instanceof Number || value instanceof Boolean
        ? value
        : value.toString();
  }

  /**
   * Returns a document with one member a line. The lists with these names are the last members and
   * have one element a line.
   */
  public static String text(Map<String, @Nullable Object> document, String... lists) {
    List<String> members = new ArrayList<>();
    document.forEach(
        (name, value) -> {
          if (!List.of(lists).contains(name)) {
            members.add("  \"" + name + "\": " + Json.write(value));
          }
        });
    for (String name : lists) {
      String elements =
          document.get(name) instanceof List<?> list && !list.isEmpty()
              ? list.stream()
                  .map(each -> "\n    " + Json.write(each))
                  .collect(Collectors.joining(",", "", "\n  "))
              : "";
      members.add("  \"" + name + "\": [" + elements + "]");
    }
    return "{\n" + String.join(",\n", members) + "\n}\n";
  }

  /**
   * Reads an object.
   *
   * @throws IllegalArgumentException naming the member that is missing or of another type by its
   *     path from the top
   */
  public static <R extends Record> R read(Class<R> type, @Nullable Object json) {
    return type.cast(record(type, "", json));
  }

  private static Object record(Class<?> type, String place, @Nullable Object json) {
    Map<?, ?> object = is(Map.class, place.isEmpty() ? "document" : place, json, "an object");
    List<Class<?>> types = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = component.getName();
      types.add(component.getType());
      values.add(
          value(
              component.getGenericType(),
              place.isEmpty() ? name : place + "." + name,
              object.containsKey(name) ? object.get(name) : MISSING));
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types.toArray(Class[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make " + type, e);
    }
  }

  private static Object value(Type type, String place, @Nullable Object json) {
    if (type instanceof ParameterizedType generic) {
      Type[] parts = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return list(place, json, each -> value(parts[0], each.place(), each.json()));
      }
      return isOfStatements(type) ? figures(place, json) : map(parts, place, json);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isEnum()) {
      return constant(plain, place, json);
    }
    return switch (plain.getSimpleName()) {
      case "ResultText" -> statement(place, json);
      case "String" -> is(String.class, place, json, "a text");
      case "boolean" -> is(Boolean.class, place, json, "true or false");
      case "double" -> is(BigDecimal.class, place, json, "a number").doubleValue();
      case "OptionalDouble" ->
          json == MISSING
              ? OptionalDouble.empty()
              : OptionalDouble.of(is(BigDecimal.class, place, json, "a number").doubleValue());
      case "int", "Integer" -> (int) whole(place, is(BigDecimal.class, place, json, "a number"));
      case "long" -> whole(place, is(BigDecimal.class, place, json, "a whole number"));
      case "Instant" -> time(place, json, Instant::parse, "no moment (expected: ISO 8601, UTC)");
      case "Duration" -> time(place, json, Duration::parse, "no duration (expected: ISO 8601)");
      default -> plain.isRecord() ? record(plain, place, json) : parsed(plain, place, json);
    };
  }

  private static Object parsed(Class<?> type, String place, @Nullable Object json) {
    try {
      Method parse = type.getDeclaredMethod("parse", CharSequence.class);
      parse.setAccessible(true);
      return Objects.requireNonNull(parse.invoke(null, is(String.class, place, json, "a text")));
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(place + ": not readable", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read a " + type, e);
    }
  }

  private static long whole(String place, BigDecimal number) {
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(place + ": not whole (expected: a whole number)", e);
    }
  }

  private static Object time(
      String place, @Nullable Object json, Function<String, Object> parse, String otherwise) {
    try {
      return parse.apply(is(String.class, place, json, "a text"));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(place + ": " + otherwise, e);
    }
  }

  private static Object constant(Class<?> type, String place, @Nullable Object json) {
    Object[] constants = type.getEnumConstants();
    String expected = "one of " + Arrays.toString(constants);
    String name = is(String.class, place, json, "a text");
    return Arrays.stream(constants)
        .filter(constant -> constant.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> unlike(place, name, expected));
  }

  private static ResultText statement(String place, @Nullable Object json) {
    try {
      return ResultText.read(json);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private record Element(String place, @Nullable Object json) {}

  private static <T> List<T> list(
      String place, @Nullable Object json, Function<Element, T> element) {
    List<T> elements = new ArrayList<>();
    for (Object each : is(List.class, place, json, "a list")) {
      elements.add(element.apply(new Element(place + "[" + elements.size() + "]", each)));
    }
    return elements;
  }

  /** By texts, or by the numbers that these are. */
  private static Map<Object, Object> map(Type[] parts, String place, @Nullable Object json) {
    Map<Object, Object> map = new LinkedHashMap<>();
    Map<?, ?> object = is(Map.class, place, json, "an object");
    object.forEach(
        (key, each) ->
            map.put(
                parts[0] == Double.class ? Double.valueOf((String) key) : key,
                value(parts[1], place + "." + key, each)));
    return map;
  }

  /** Pairs of a statement and its figure. */
  private static Map<ResultText, BigDecimal> figures(String place, @Nullable Object json) {
    Map<ResultText, BigDecimal> figures = new LinkedHashMap<>();
    for (Element each : list(place, json, each -> each)) {
      if (!(each.json() instanceof List<?> pair)
          || pair.size() != 2
          || !(pair.get(1) instanceof BigDecimal figure)) {
        throw unlike(each.place(), each.json(), "a statement and a number");
      }
      figures.put(statement(each.place(), pair.get(0)), figure);
    }
    return figures;
  }

  private static <T> T is(Class<T> type, String place, @Nullable Object json, String expected) {
    if (type.isInstance(json)) {
      return type.cast(json);
    }
    throw unlike(place, json, expected);
  }

  private static IllegalArgumentException unlike(
      String place, @Nullable Object json, String expected) {
    return new IllegalArgumentException(
        place + ": " + kind(json) + " (expected: " + expected + ")");
  }

  private static String kind(@Nullable Object json) {
    if (json == MISSING) {
      return "missing";
    }
    if (json instanceof Map) {
      return "an object";
    }
    if (json instanceof List) {
      return "a list";
    }
    return json instanceof String ? "another text" : String.valueOf(json);
  }
}
