package de.lifetimecircle.secrets.operations.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes maps that keep the order of their keys. Stateless. */
final class OrderedMaps {
  private OrderedMaps() {}

  /** Returns a map of alternating keys and values. */
  static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** Returns a map with its keys typed as texts; empty if the value is not a map. */
  static Map<String, Object> typed(@Nullable Object map) {
    Map<String, Object> typed = new LinkedHashMap<>();
    if (map instanceof Map<?, ?> known) {
      known.forEach((key, value) -> typed.put(String.valueOf(key), value));
    }
    return typed;
  }
}
