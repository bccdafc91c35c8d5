package de.lifetimecircle.secrets.decision.results;

import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.spi.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes JSON objects whose members are named here, with the values of {@link RecordMapping}. */
public final class RecordJson {
  private RecordJson() {}

  /** Returns an object of these names and values in turn, in this order. */
  public static Map<String, @Nullable Object> object(@Nullable Object... pairs) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      object.put(String.valueOf(pairs[i]), RecordMapping.json(pairs[i + 1]));
    }
    return object;
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
}
