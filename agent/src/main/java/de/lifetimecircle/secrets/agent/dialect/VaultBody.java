package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.agent.http.HttpAnswer;
import de.lifetimecircle.secrets.agent.rules.Caller;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.ByteBuffer;
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
  static HttpAnswer secret(VaultReading.Numbered found, Caller caller) {
    SecretValue value = found.secret().value();
    byte[] whole =
        value.useBytes(
            borrowed -> {
              Map<String, Object> fields = new LinkedHashMap<>();
              fields.put(FIELD, value);
              if (JsonBody.isText(borrowed)) {
                Map<String, ByteBuffer> members = new LinkedHashMap<>(Json.members(borrowed));
                members.keySet().removeAll(OWN);
                fields.putAll(members);
              } else {
                fields.put(ENCODING, "base64");
              }
              Map<String, Object> data = new LinkedHashMap<>();
              data.put("data", fields);
              data.put("metadata", found.metadata());
              return JsonBody.of(caller.room(), envelope(data));
            });
    return HttpAnswer.of(200, "application/json", whole);
  }
}
