package de.lifetimecircle.secrets.operations.files;

import de.lifetimecircle.secrets.spi.Json;
import java.util.List;
import java.util.Map;

/** Writes JSON on several lines, for files that people review. Stateless. */
public final class PrettyJson {
  private PrettyJson() {}

  /** Returns a document of maps, lists and scalars, with a line end. */
  public static String write(Object document) {
    return write(document, 0) + '\n';
  }

  /**
   * Returns a value for a place in such a document, without a line end.
   *
   * @param indent the columns before the line on which the value begins
   */
  public static String write(Object value, int indent) {
    StringBuilder out = new StringBuilder();
    write(value, "\n" + " ".repeat(indent), out);
    return out.toString();
  }

  private static void write(Object value, String newline, StringBuilder out) {
    String inner = newline + "  ";
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      String separator = "{";
      for (Map.Entry<?, ?> member : map.entrySet()) {
        out.append(separator).append(inner).append(Json.write(String.valueOf(member.getKey())));
        out.append(": ");
        write(member.getValue(), inner, out);
        separator = ",";
      }
      out.append(newline).append('}');
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      String separator = "[";
      for (Object item : list) {
        out.append(separator).append(inner);
        write(item, inner, out);
        separator = ",";
      }
      out.append(newline).append(']');
    } else {
      out.append(Json.write(value));
    }
  }
}
