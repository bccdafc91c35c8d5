package de.lifetimecircle.secrets.operations.importing;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** Reads a tree of texts, or an export of Bitwarden. Stateless. */
final class TreeReader {
  private static final int LONGEST = 16 << 20;

  /** As many levels as the reader of JSON takes; the library of YAML fills the stack with more. */
  private static final int DEEPEST = 64;

  /** The texts that YAML 1.2 reads as null, less the empty one, which no command stores anyway. */
  private static final Set<String> NULLS = Set.of("null", "Null", "NULL", "~");

  /**
   * Keys of an export of Bitwarden beside its items; a list in another file may be named so too.
   */
  private static final Set<String> OF_BITWARDEN = Set.of("encrypted", "folders", "collections");

  private TreeReader() {}

  static List<ImportedValue> json(String text) {
    Object tree;
    try {
      Object unused = Json.parse(text); // strict, before the numbers are touched
      tree = Json.parse(numbersQuoted(text));
    } catch (SecretException | IllegalArgumentException e) {
      throw ImportFormat.malformed(ImportFormat.JSON, "some place");
    }
    if (tree instanceof Map<?, ?> map
        && map.get("items") instanceof List<?> items
        && OF_BITWARDEN.stream().anyMatch(map::containsKey)) {
      return bitwarden(map, items);
    }
    return flat(tree, ImportFormat.JSON);
  }

  /**
   * Puts the numbers of a valid document into quotes, because a value is text: read as a number,
   * {@code 1e3} would become {@code 1E+3}, and {@code 1.0} could lose its zero.
   */
  private static String numbersQuoted(String json) {
    StringBuilder quoted = new StringBuilder(json.length() + 16);
    boolean inText = false;
    int at = 0;
    while (at < json.length()) {
      char c = json.charAt(at);
      int end = at + 1;
      if (!inText && (c == '-' || (c >= '0' && c <= '9'))) {
        while (end < json.length() && "0123456789+-.eE".indexOf(json.charAt(end)) >= 0) {
          end++;
        }
        quoted.append('"').append(json, at, end).append('"');
      } else {
        end += inText && c == '\\' ? 1 : 0;
        inText ^= c == '"';
        quoted.append(json, at, end);
      }
      at = end;
    }
    return quoted.toString();
  }

  /** Every scalar stays the text that the file has: 007 is no number. */
  static List<ImportedValue> yaml(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new FailsafeSchema())
            .setCodePointLimit(LONGEST)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      requirePlain(new Parse(settings).parseString(text));
      return flat(new Load(settings).loadFromString(text), ImportFormat.YAML);
    } catch (YamlEngineException e) {
      throw ImportFormat.malformed(ImportFormat.YAML, "some place");
    }
  }

  /** Refuses too many levels, and nulls, which as the text that they are would become values. */
  private static void requirePlain(Iterable<Event> events) {
    int depth = 0;
    for (Event event : events) {
      if (event instanceof ScalarEvent scalar
          && scalar.isPlain()
          && scalar.getTag().isEmpty()
          && NULLS.contains(scalar.getValue())) {
        String place = event.getStartMark().map(m -> "line " + (m.getLine() + 1)).orElse("a place");
        throw ImportFormat.malformed(ImportFormat.YAML, place + ": null, which is no value");
      }
      if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
        throw ImportFormat.malformed(
            ImportFormat.YAML, "some place: nested deeper than " + DEEPEST + " levels");
      }
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
    }
  }

  private static List<ImportedValue> flat(@Nullable Object tree, ImportFormat format) {
    if (!(tree instanceof Map<?, ?> map)) {
      throw ImportFormat.malformed(format, "its top: a list or a single value");
    }
    List<ImportedValue> values = new ArrayList<>();
    add(map, "", format, values);
    return values;
  }

  private static void add(
      Map<?, ?> map, String above, ImportFormat format, List<ImportedValue> values) {
    map.forEach(
        (key, value) -> {
          String name = ImportFormat.name(above, String.valueOf(key));
          if (value instanceof Map<?, ?> below) {
            add(below, name, format, values);
          } else if (value == null || value instanceof List<?>) {
            throw ImportFormat.malformed(format, "'" + name + "': a list or nothing");
          } else {
            ImportFormat.requireName(name, "an entry");
            values.add(new ImportedValue(name, String.valueOf(value), "'" + name + "'"));
          }
        });
  }

  private static List<ImportedValue> bitwarden(Map<?, ?> export, List<?> items) {
    if (Boolean.TRUE.equals(export.get("encrypted"))) {
      throw ImportFormat.malformed(
          ImportFormat.JSON, "its top: an encrypted export, which only Bitwarden reads");
    }
    List<ImportedValue> values = new ArrayList<>();
    int number = 0;
    for (Object each : items) {
      number++;
      if (!(each instanceof Map<?, ?> item)) {
        throw ImportFormat.malformed(ImportFormat.JSON, "item " + number);
      }
      String name = ImportFormat.name(folder(export, item), text(item, "name"));
      String value = text(item, "login", "password");
      value = value.isEmpty() ? text(item, "sshKey", "privateKey") : value;
      value = value.isEmpty() ? text(item, "notes") : value;
      if (!value.isEmpty()) {
        ImportFormat.requireName(name, "item " + number);
        values.add(new ImportedValue(name, value, "item " + number));
      }
    }
    return values;
  }

  private static String folder(Map<?, ?> export, Map<?, ?> item) {
    String id = text(item, "folderId");
    if (!id.isEmpty() && export.get("folders") instanceof List<?> folders) {
      for (Object folder : folders) {
        if (folder instanceof Map<?, ?> map && text(map, "id").equals(id)) {
          return text(map, "name");
        }
      }
    }
    return "";
  }

  private static String text(Map<?, ?> item, String section, String key) {
    return item.get(section) instanceof Map<?, ?> fields ? text(fields, key) : "";
  }

  private static String text(Map<?, ?> map, String key) {
    Object value = map.get(key);
    return value == null ? "" : String.valueOf(value);
  }
}
