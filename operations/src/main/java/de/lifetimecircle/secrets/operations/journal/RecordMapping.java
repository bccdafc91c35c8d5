package de.lifetimecircle.secrets.operations.journal;

import de.lifetimecircle.secrets.spi.Json;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Maps records to JSON objects and back: a member for each component, in the order of the
 * components. A component is a {@code String}, a whole number, a {@code double} or {@link
 * BigDecimal}, {@code boolean}, {@link Instant}, {@link Duration}, enum, record or {@link
 * JsonForm}, or a {@code List}, {@code Set} or {@code Map} of them, or an {@code Optional}, which
 * is an empty text without a value, or an {@link OptionalDouble}, which has no member without one.
 * Stateless.
 */
public final class RecordMapping {
  private static final Object MISSING = new Object();

  private RecordMapping() {}

  /** Returns the members of a record, which {@link Json#write} takes. */
  public static Map<String, Object> members(Record content) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (RecordComponent component : content.getClass().getRecordComponents()) {
      Object value = value(content, component);
      if (hasPairs(component.getGenericType())) {
        List<@Nullable Object> pairs = new ArrayList<>();
        ((Map<?, ?>) value).forEach((key, each) -> pairs.add(json(List.of(key, each))));
        members.put(component.getName(), pairs);
      } else if (!value.equals(OptionalDouble.empty())) {
        members.put(component.getName(), Objects.requireNonNull(json(value)));
      }
    }
    return members;
  }

  /** Returns whether a type is a map whose keys cannot be names of members: a list of pairs. */
  private static boolean hasPairs(Type type) {
    return type instanceof ParameterizedType generic
        && generic.getRawType() == Map.class
        && generic.getActualTypeArguments()[0] instanceof Class<?> key
        && JsonForm.class.isAssignableFrom(key);
  }

  /**
   * Returns what {@link Json#write} takes for a value of a component; an enum is its {@code
   * toString}. Leaves a number that is not finite as it is, and {@link Json#write} rejects it.
   */
  public static @Nullable Object json(@Nullable Object value) {
    if (value instanceof JsonForm form) {
      return form.json();
    }
    if (value instanceof Record content) {
      return members(content);
    }
    if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? json(optional.get()) : "";
    }
    if (value instanceof OptionalDouble number) {
      return json(number.getAsDouble());
    }
    if (value instanceof Collection<?> collection) {
      List<@Nullable Object> elements = new ArrayList<>();
      collection.forEach(each -> elements.add(json(each)));
      return elements;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      map.forEach((key, each) -> members.put(String.valueOf(key), json(each)));
      return members;
    }
    if (value instanceof Double number && Double.isFinite(number)) {
      return BigDecimal.valueOf(number);
    }
    return value == null || value instanceof Number || value instanceof Boolean
        ? value
        : value.toString();
  }

  /**
   * Reads a record that has exactly the members of an object of {@link Json#parse}.
   *
   * @throws IllegalArgumentException if a member is missing, unknown or of another type; names it
   */
  public static <T extends Record> T read(Class<T> type, @Nullable Object object) {
    return new Reader(true).record(type, "", object);
  }

  /**
   * Reads a record as {@link #read}, and ignores members that it does not have.
   *
   * @throws IllegalArgumentException if a member is missing or of another type; names it
   */
  public static <T extends Record> T readKnown(Class<T> type, @Nullable Object object) {
    return new Reader(false).record(type, "", object);
  }

  /**
   * Reads values, each at a place that messages name. Immutable.
   *
   * @param strict whether it rejects a member that a record does not have
   */
  private record Reader(boolean strict) {
    <T extends Record> T record(Class<T> type, String place, @Nullable Object json) {
      Map<?, ?> members =
          expect(Map.class, place.isEmpty() ? "document" : place, json, "an object");
      String before = place.isEmpty() ? "" : place + ".";
      Set<Object> unknown = new LinkedHashSet<>(members.keySet());
      RecordComponent[] components = type.getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        String name = components[i].getName();
        Object member = unknown.remove(name) ? members.get(name) : MISSING;
        values[i] = value(components[i].getGenericType(), before + name, member);
      }
      if (strict && !unknown.isEmpty()) {
        throw new IllegalArgumentException(before + unknown.iterator().next() + ": unknown member");
      }
      return make(type, values);
    }

    private Object value(Type type, String place, @Nullable Object json) {
      if (!(type instanceof ParameterizedType generic)) {
        return single((Class<?>) type, place, json);
      }
      Type[] parts = generic.getActualTypeArguments();
      Type element = parts[parts.length - 1];
      if (generic.getRawType() == Optional.class) {
        return json == null || json.equals("")
            ? Optional.empty()
            : Optional.of(value(element, place, json));
      }
      if (hasPairs(type)) {
        Map<Object, Object> pairs = new LinkedHashMap<>();
        elements(
            place,
            json,
            (at, each) -> pairs.put(pair(parts, at, each, 0), pair(parts, at, each, 1)));
        return Collections.unmodifiableMap(pairs);
      }
      if (generic.getRawType() == Map.class) {
        Map<Object, Object> map = new LinkedHashMap<>();
        Map<?, ?> members = expect(Map.class, place, json, "an object");
        members.forEach(
            (key, each) ->
                map.put(
                    parts[0] == Double.class ? Double.valueOf((String) key) : key,
                    value(element, place + "." + key, each)));
        return Collections.unmodifiableMap(map);
      }
      List<Object> list = new ArrayList<>();
      elements(place, json, (at, each) -> list.add(value(element, at, each)));
      return generic.getRawType() == Set.class
          ? Collections.unmodifiableSet(new LinkedHashSet<>(list))
          : List.copyOf(list);
    }

    private Object pair(Type[] parts, String place, @Nullable Object json, int index) {
      List<?> pair = expect(List.class, place, json, "a pair");
      if (pair.size() > 2) {
        throw unlike(place, json, "a pair");
      }
      return value(
          parts[index], place + "[" + index + "]", index < pair.size() ? pair.get(index) : MISSING);
    }

    private static void elements(
        String place, @Nullable Object json, BiConsumer<String, @Nullable Object> each) {
      List<?> list = expect(List.class, place, json, "a list");
      for (int i = 0; i < list.size(); i++) {
        each.accept(place + "[" + i + "]", list.get(i));
      }
    }

    private Object single(Class<?> type, String place, @Nullable Object json) {
      if (JsonForm.class.isAssignableFrom(type)) {
        return form(type, place, json);
      }
      if (type.isRecord()) {
        return record(type.asSubclass(Record.class), place, json);
      }
      if (type.isEnum()) {
        return constant(type, place, json);
      }
      return switch (type.getSimpleName()) {
        case "String" -> expect(String.class, place, json, "a text");
        case "boolean" -> expect(Boolean.class, place, json, "true or false");
        case "int", "Integer" -> whole(BigDecimal::intValueExact, place, json);
        case "long" -> whole(BigDecimal::longValueExact, place, json);
        case "BigDecimal" -> number(place, json);
        case "double" -> number(place, json).doubleValue();
        case "OptionalDouble" ->
            json == MISSING
                ? OptionalDouble.empty()
                : OptionalDouble.of(number(place, json).doubleValue());
        case "Instant" -> time(Instant::parse, place, json, "no moment (expected: ISO 8601, UTC)");
        case "Duration" -> time(Duration::parse, place, json, "no duration (expected: ISO 8601)");
        default -> throw new IllegalStateException("Cannot read a " + type);
      };
    }

    private static BigDecimal number(String place, @Nullable Object json) {
      return expect(BigDecimal.class, place, json, "a number");
    }

    private static Object whole(
        Function<BigDecimal, Object> exact, String place, @Nullable Object json) {
      BigDecimal number = expect(BigDecimal.class, place, json, "a whole number");
      try {
        return exact.apply(number);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(unlike(place, json, "a whole number").getMessage(), e);
      }
    }

    private static Object time(
        Function<String, Object> parse, String place, @Nullable Object json, String otherwise) {
      try {
        return parse.apply(expect(String.class, place, json, "a text"));
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(place + ": " + otherwise, e);
      }
    }

    private static Object constant(Class<?> type, String place, @Nullable Object json) {
      Object[] constants = type.getEnumConstants();
      String expected = "one of " + Arrays.toString(constants);
      String word = expect(String.class, place, json, expected);
      return Arrays.stream(constants)
          .filter(constant -> constant.toString().equals(word))
          .findFirst()
          .orElseThrow(() -> unlike(place, json, expected));
    }

    private static Object form(Class<?> type, String place, @Nullable Object json) {
      try {
        Method read = type.getDeclaredMethod("read", Object.class);
        read.setAccessible(true); // the class need not be public
        return Objects.requireNonNull(read.invoke(null, json));
      } catch (InvocationTargetException e) {
        throw new IllegalArgumentException(
            place + ": " + Objects.requireNonNull(e.getCause()).getMessage(), e);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Cannot read a " + type, e);
      }
    }

    private static <V> V expect(
        Class<V> type, String place, @Nullable Object json, String expected) {
      if (!type.isInstance(json)) {
        throw unlike(place, json, expected);
      }
      return type.cast(json);
    }

    private static IllegalArgumentException unlike(
        String place, @Nullable Object json, String expected) {
      String got =
          json == MISSING
              ? "missing"
              : json instanceof Map
                  ? "an object"
                  : json instanceof List
                      ? "a list"
                      : json instanceof String ? "another text" : String.valueOf(json);
      return new IllegalArgumentException(place + ": " + got + " (expected: " + expected + ")");
    }
  }

  /**
   * Returns a copy of a record with other values of some components.
   *
   * @param changed the other values by the names of their components
   */
  public static <T extends Record> T copy(T content, Class<T> type, Map<String, ?> changed) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    int found = 0;
    for (int i = 0; i < components.length; i++) {
      boolean other = changed.containsKey(components[i].getName());
      found += other ? 1 : 0;
      values[i] = other ? changed.get(components[i].getName()) : value(content, components[i]);
    }
    if (found != changed.size()) {
      throw new IllegalArgumentException(
          "changed: " + changed.keySet() + " (expected: components)");
    }
    return make(type, values);
  }

  private static Object value(Record content, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true); // a record need not be public
      return accessor.invoke(content);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read component " + component.getName(), e);
    }
  }

  private static <T extends Record> T make(Class<T> type, Object... values) {
    List<Class<?>> types = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      types.add(component.getType());
    }
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types.toArray(new Class<?>[0]));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException("its parts do not fit", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make a " + type.getSimpleName(), e);
    }
  }

  /** Returns the SHA-256 of a text without values, in hexadecimal digits. */
  public static String digest(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
