package de.lifetimecircle.secrets.operations.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps that keep the order in which a reader of the file meets them. Stateless. */
final class OrderedMaps {
  private OrderedMaps() {}

  /** Keys and values in turn. */
  static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** The same map with keys known to be texts; empty where it is none. */
  static Map<String, Object> typed(@Nullable Object map) {
    Map<String, Object> typed = new LinkedHashMap<>();
    if (map instanceof Map<?, ?> known) {
      known.forEach((key, value) -> typed.put(String.valueOf(key), value));
    }
    return typed;
  }
}
