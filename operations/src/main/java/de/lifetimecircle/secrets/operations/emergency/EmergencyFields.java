package de.lifetimecircle.secrets.operations.emergency;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads documents that this program wrote, strictly: any other shape is an error. Stateless. */
final class EmergencyFields {
  private EmergencyFields() {}

  static String text(Map<?, ?> document, String key) {
    if (document.get(key) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(key + ": expected a text");
  }

  static long number(Map<?, ?> document, String key) {
    if (document.get(key) instanceof BigDecimal number) {
      return number.longValueExact();
    }
    throw new IllegalArgumentException(key + ": expected a number");
  }

  static List<?> list(Map<?, ?> document, String key) {
    if (document.get(key) instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException(key + ": expected a list");
  }

  static List<String> texts(Map<?, ?> document, String key) {
    List<String> texts = new ArrayList<>();
    for (Object each : list(document, key)) {
      texts.add(String.valueOf(each));
    }
    return texts;
  }

  static Map<String, List<String>> lists(Map<?, ?> document, String key) {
    if (!(document.get(key) instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(key + ": expected an object");
    }
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (Object name : map.keySet()) {
      lists.put(String.valueOf(name), texts(map, String.valueOf(name)));
    }
    return lists;
  }
}
