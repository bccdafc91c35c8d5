package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object of ours, read strictly: a member that is missing or of another type
 * is an error, and nothing else is assumed. Immutable.
 */
record SignedFields(Map<?, ?> object) {
  /** Says why a document is rejected: names the member, never its content. */
  static final class MalformedDocument extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedDocument(String message) {
      super(message);
    }
  }

  static SignedFields parse(byte[] json) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      return of(Json.parse(text), "document");
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new MalformedDocument("is not JSON");
    }
  }

  private static SignedFields of(@Nullable Object value, String what) {
    if (value instanceof Map<?, ?> map) {
      return new SignedFields(map);
    }
    throw new MalformedDocument("has a " + what + " that is not an object");
  }

  String text(String member) {
    if (object.get(member) instanceof String text) {
      return text;
    }
    throw unfit(member);
  }

  /** Returns a text, or null if the member is null. */
  @Nullable String textOrNull(String member) {
    return object.containsKey(member) && object.get(member) == null ? null : text(member);
  }

  /** Returns a text, or an empty one if there is no such member. */
  String textOrEmpty(String member) {
    return object.containsKey(member) ? text(member) : "";
  }

  /** Returns a whole number, at least 0. */
  long number(String member) {
    if (object.get(member) instanceof BigDecimal number) {
      try {
        long value = number.longValueExact();
        if (value >= 0) {
          return value;
        }
      } catch (ArithmeticException e) {
        // Falls through: it is not a whole number.
      }
    }
    throw unfit(member);
  }

  boolean flag(String member) {
    if (object.get(member) instanceof Boolean flag) {
      return flag;
    }
    throw unfit(member);
  }

  SignedFields object(String member) {
    return of(object.get(member), member);
  }

  List<SignedFields> objects(String member) {
    List<SignedFields> fields = new ArrayList<>();
    for (Object element : list(member)) {
      fields.add(of(element, member));
    }
    return fields;
  }

  List<String> texts(String member) {
    List<String> texts = new ArrayList<>();
    for (Object element : list(member)) {
      if (!(element instanceof String text)) {
        throw unfit(member);
      }
      texts.add(text);
    }
    return texts;
  }

  List<String> names() {
    return object.keySet().stream().map(String::valueOf).toList();
  }

  private List<?> list(String member) {
    if (object.get(member) instanceof List<?> list) {
      return list;
    }
    throw unfit(member);
  }

  static byte[] bytes(Map<String, ?> document) {
    return Json.write(document).getBytes(StandardCharsets.UTF_8);
  }

  private static MalformedDocument unfit(String member) {
    return new MalformedDocument("has no usable member '" + member + "'");
  }
}
