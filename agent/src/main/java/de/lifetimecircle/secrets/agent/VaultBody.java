package de.lifetimecircle.secrets.agent;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The documents of Vault. A value is in the field {@code value}, in Base64 with {@code
 * value-encoding} beside it if it is not text, as the library's own store writes it; the members of
 * a value that is a JSON object are fields as well, but for those two names. Stateless.
 */
final class VaultBody {
  private static final String FIELD = "value";
  private static final String ENCODING = FIELD + "-encoding";

  /** The fields of the agent; a member of such a name would contradict them. */
  private static final Set<String> OWN = Set.of(FIELD, ENCODING);

  private VaultBody() {}

  /** Returns a document around data that is no secret. */
  static HttpAnswer document(int status, Map<String, ?> data) {
    return HttpAnswer.json(status, envelope(data));
  }

  private static Map<String, Object> envelope(@Nullable Object data) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("request_id", "");
    document.put("lease_id", "");
    document.put("renewable", false);
    document.put("lease_duration", 0);
    document.put("data", data);
    document.put("wrap_info", null);
    document.put("warnings", null);
    document.put("auth", null);
    return document;
  }

  /** Returns the document of {@code GET MOUNT/data/PATH}; its secret bytes are in no text. */
  static HttpAnswer secret(VaultReading.Numbered found) {
    // Everything beside the fields is no secret, so it may be written as one text and split.
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("data", Map.of());
    data.put("metadata", found.metadata());
    String frame = Json.write(envelope(data));
    int at = frame.indexOf("\"data\":{}") + "\"data\":".length();
    byte[] head = frame.substring(0, at).getBytes(StandardCharsets.UTF_8);
    byte[] tail = frame.substring(at + 2).getBytes(StandardCharsets.UTF_8);
    byte[] fields = fields(found.secret());
    byte[] whole = Arrays.copyOf(head, head.length + fields.length + tail.length);
    System.arraycopy(fields, 0, whole, head.length, fields.length);
    System.arraycopy(tail, 0, whole, head.length + fields.length, tail.length);
    Arrays.fill(fields, (byte) 0);
    return HttpAnswer.of(200, "application/json", whole);
  }

  private static byte[] fields(Secret secret) {
    JsonBody json = new JsonBody();
    try {
      json.begin().secret(FIELD, FIELD, secret.value());
      if (!secret.value().useBytes(VaultBody::isText)) {
        return json.member(ENCODING, "base64").end().bytes();
      }
      secret
          .value()
          .useBytes(
              utf8 -> {
                JsonMembers.of(utf8)
                    .forEach(
                        (name, member) -> {
                          if (!OWN.contains(name)) {
                            json.member(name, member);
                          }
                        });
                return json;
              });
      return json.end().bytes();
    } finally {
      json.wipe();
    }
  }

  private static boolean isText(ByteBuffer utf8) {
    CharBuffer chars = CharBuffer.allocate(utf8.remaining());
    boolean isText =
        StandardCharsets.UTF_8.newDecoder().decode(utf8.duplicate(), chars, true).isUnderflow();
    Arrays.fill(chars.array(), '\0');
    return isText;
  }
}
