package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
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
record SignedFields(String file, Map<?, ?> object) {
  static SignedFields parse(String file, byte[] json) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      return of(file, Json.parse(text), "document");
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw malformed(file, "is not JSON");
    }
  }

  private static SignedFields of(String file, @Nullable Object value, String what) {
    if (value instanceof Map<?, ?> map) {
      return new SignedFields(file, map);
    }
    throw malformed(file, "has a " + what + " that is not an object");
  }

  String text(String member) {
    return member(member, String.class);
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
    try {
      long value = member(member, BigDecimal.class).longValueExact();
      if (value >= 0) {
        return value;
      }
    } catch (ArithmeticException e) {
      // Falls through: it is not a whole number.
    }
    throw unfit(member);
  }

  boolean flag(String member) {
    return member(member, Boolean.class);
  }

  SignedFields object(String member) {
    return of(file, object.get(member), member);
  }

  List<SignedFields> objects(String member) {
    return list(member).stream().map(element -> of(file, element, member)).toList();
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
    return member(member, List.class);
  }

  private <T> T member(String name, Class<T> type) {
    Object value = object.get(name);
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw unfit(name);
  }

  static byte[] bytes(Map<String, ?> document) {
    return Json.write(document).getBytes(StandardCharsets.UTF_8);
  }

  private StoreFailure unfit(String member) {
    return malformed("has no usable member '" + member + "'");
  }

  /** Says why this document is rejected; the reason never has anything of its content. */
  StoreFailure malformed(String why) {
    return malformed(file, why);
  }

  private static StoreFailure malformed(String file, String why) {
    return file.equals(StoreLayout.INDEX) || StoreLayout.isBucket(file)
        ? GpgErrors.corruptIndex(file, why)
        : GpgErrors.corrupt(file, why);
  }
}
