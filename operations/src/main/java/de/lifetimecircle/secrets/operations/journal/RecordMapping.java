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
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps records to JSON objects and back: a member for each component, in the order of the
 * components. A component is a {@code String}, {@code int}, {@code long}, {@code boolean}, {@link
 * Instant}, {@link Duration}, enum or record, or a {@code List}, {@code Set} or {@code Map} (by
 * texts) of them, or an {@code Optional}, which is an empty text without a value. Stateless.
 */
public final class RecordMapping {
  private RecordMapping() {}

  /** Returns the members of a record, which {@link Json#write} takes. */
  public static Map<String, Object> members(Record content) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (RecordComponent component : content.getClass().getRecordComponents()) {
      members.put(component.getName(), written(value(content, component)));
    }
    return members;
  }

  private static Object written(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(RecordMapping::written).orElse("");
    }
    if (value instanceof Collection<?> collection) {
      return new ArrayList<>(collection.stream().map(RecordMapping::written).toList());
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> members = new LinkedHashMap<>();
      map.forEach((key, each) -> members.put(String.valueOf(key), written(each)));
      return members;
    }
    if (value instanceof Record content) {
      return members(content);
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    return value instanceof Number || value instanceof Boolean ? value : value.toString();
  }

  /**
   * Reads a record.
   *
   * @param members an object of {@link Json#parse} with exactly the components as members
   * @throws IllegalArgumentException if a member is missing, unknown or of another type; names it
   */
  public static <T extends Record> T read(Class<T> type, Map<?, ?> members) {
    Map<Object, Object> unknown = new LinkedHashMap<>(members);
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      if (!unknown.containsKey(name)) {
        throw new IllegalArgumentException(name + ": missing");
      }
      values[i] = read(name, components[i].getGenericType(), unknown.remove(name));
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(unknown.keySet().iterator().next() + ": unknown member");
    }
    return make(type, values);
  }

  private static Object read(String name, Type type, @Nullable Object value) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      Type element = arguments[arguments.length - 1];
      if (generic.getRawType() == Optional.class) {
        return value == null || value.equals("")
            ? Optional.empty()
            : Optional.of(read(name, element, value));
      }
      if (generic.getRawType() == Map.class) {
        Map<String, Object> read = new LinkedHashMap<>();
        Map<?, ?> members = expect(name, Map.class, value, "an object");
        members.forEach((key, each) -> read.put("" + key, read(name + "." + key, element, each)));
        return Collections.unmodifiableMap(read);
      }
      Collection<Object> read =
          generic.getRawType() == Set.class ? new LinkedHashSet<>() : new ArrayList<>();
      for (Object each : expect(name, List.class, value, "a list")) {
        read.add(read(name, element, each));
      }
      return read instanceof Set<Object> set ? Collections.unmodifiableSet(set) : List.copyOf(read);
    }
    return read(name, (Class<?>) type, value);
  }

  private static Object read(String name, Class<?> type, @Nullable Object value) {
    if (type.isRecord()) {
      return read(type.asSubclass(Record.class), expect(name, Map.class, value, "an object"));
    }
    if (type == boolean.class) {
      return expect(name, Boolean.class, value, "true or false");
    }
    try {
      if (type == int.class) {
        return expect(name, BigDecimal.class, value, "a number").intValueExact();
      }
      if (type == long.class) {
        return expect(name, BigDecimal.class, value, "a number").longValueExact();
      }
      String text = expect(name, String.class, value, "a text");
      if (type == Instant.class) {
        return Instant.parse(text);
      }
      if (type == Duration.class) {
        return Duration.parse(text);
      }
      return type.isEnum() ? constant(name, type, text) : type.cast(text);
    } catch (ArithmeticException | DateTimeException e) {
      String expected = type.isPrimitive() ? "a whole number" : "a time";
      throw new IllegalArgumentException(name + ": expected " + expected, e);
    }
  }

  private static Object constant(String name, Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(name + ": unknown word");
  }

  private static <V> V expect(String name, Class<V> type, @Nullable Object value, String words) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(name + ": expected " + words);
    }
    return type.cast(value);
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
