package de.lifetimecircle.secrets.operations.journal;

import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The form of a file that holds one record: a line of JSON that begins with the name and the
 * version of the form and ends with the digest of the rest. Immutable.
 *
 * @param type the record
 * @param form the name of the form
 * @param version its version
 * @param what the file in a message, such as {@code the journal of a rotation}
 * @param earlier returns the members of today for those that an earlier program wrote
 */
public record JsonFile<T extends Record>(
    Class<T> type,
    String form,
    int version,
    String what,
    UnaryOperator<Map<Object, Object>> earlier) {

  /** Creates a form that has no earlier version. */
  public JsonFile(Class<T> type, String form, int version, String what) {
    this(type, form, version, what, UnaryOperator.identity());
  }

  /** Returns the text of the file. */
  public String write(T content) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("form", form);
    document.put("version", version);
    document.putAll(RecordMapping.members(content));
    document.put("sum", RecordMapping.digest(Json.write(document)));
    return Json.write(document) + "\n";
  }

  /**
   * Reads a text of {@link #write}.
   *
   * @throws IllegalArgumentException if the text is another one; its message is a reason, such as
   *     {@code it was edited: its sum does not fit}
   */
  public T read(String text) {
    Map<Object, Object> members = new LinkedHashMap<>(document(text));
    if (!form.equals(members.get("form"))) {
      throw new IllegalArgumentException("it is not " + what);
    }
    verify(members);
    return RecordMapping.read(type, earlier.apply(members));
  }

  /** Verifies version and digest, and leaves only the members of the record. */
  private void verify(Map<Object, Object> members) {
    if (!(members.get("version") instanceof BigDecimal number)
        || number.compareTo(new BigDecimal(version)) != 0) {
      throw new IllegalArgumentException(
          "it is of another version of this program (expected: form " + version + ")");
    }
    Object sum = members.remove("sum");
    if (!RecordMapping.digest(Json.write(members)).equals(sum)) {
      throw new IllegalArgumentException("it was edited: its sum does not fit");
    }
    members.remove("form");
    members.remove("version");
  }

  private Map<?, ?> document(String text) {
    try {
      if (Json.parse(text) instanceof Map<?, ?> document) {
        return document;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it is not JSON, so it was cut short or edited", e);
    }
    throw new IllegalArgumentException("it is not " + what);
  }
}
