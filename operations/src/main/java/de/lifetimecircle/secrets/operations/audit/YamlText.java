package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.spi.Json;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Writes YAML for files that people review: sections and lists, every text in quotes. Stateless.
 */
final class YamlText {
  private YamlText() {}

  /** Returns a document of maps, lists and scalars, with a line end. */
  static String write(Map<String, ?> document) {
    StringBuilder out = new StringBuilder();
    map(document, "", out);
    return out.toString();
  }

  private static void map(Map<?, ?> map, String indent, StringBuilder out) {
    String before = "";
    for (Map.Entry<?, ?> member : map.entrySet()) {
      out.append(before).append(member.getKey()).append(':');
      value(member.getValue(), indent, out);
      before = indent;
    }
  }

  private static void value(Object value, String indent, StringBuilder out) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      out.append('\n').append(indent).append("  ");
      map(map, indent + "  ", out);
    } else if (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
      out.append('\n');
      items(list, indent + "  ", out);
    } else if (value instanceof String text && text.contains("\n")) {
      out.append(" |-\n");
      text.lines().forEach(line -> out.append(indent).append("  ").append(line).append('\n'));
    } else {
      out.append(' ').append(Json.write(value)).append('\n');
    }
  }

  private static void items(Collection<?> items, String indent, StringBuilder out) {
    for (Object item : items) {
      out.append(indent).append("- ");
      map((Map<?, ?>) item, indent + "  ", out);
    }
  }
}
