package de.lifetimecircle.secrets.testservers.keyvault;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of a secret in the test vault; all times in whole seconds since 1970, as the service
 * keeps them. Immutable.
 */
record KeyVaultVersion(
    String id,
    String value,
    @Nullable String contentType,
    @Nullable Map<String, String> tags,
    boolean enabled,
    @Nullable Long notBefore,
    @Nullable Long expires,
    long created,
    long updated) {

  private static final String RECOVERY_LEVEL = "Recoverable+Purgeable";

  /** How long a deleted secret can be recovered, in days. */
  static final int RECOVERABLE_DAYS = 90;

  /** Returns this version with changed metadata; the value never changes. */
  KeyVaultVersion changed(KeyVaultDraft draft, long now) {
    return new KeyVaultVersion(
        id,
        value,
        draft.contentType() != null ? draft.contentType() : contentType,
        draft.tags() != null ? draft.tags() : tags,
        draft.enabled() != null ? draft.enabled() : enabled,
        draft.notBefore() != null ? draft.notBefore() : notBefore,
        draft.expires() != null ? draft.expires() : expires,
        created,
        now);
  }

  /** This version, enabled or disabled. */
  KeyVaultVersion enabled(boolean other) {
    return new KeyVaultVersion(
        id, value, contentType, tags, other, notBefore, expires, created, updated);
  }

  /**
   * Returns the facts about a version in every answer: its id, content type, attributes and tags.
   */
  Map<String, Object> describe(String url) {
    Map<String, Object> body = new LinkedHashMap<>();
    if (contentType != null) {
      body.put("contentType", contentType);
    }
    body.put("id", url);
    body.put("attributes", attributes());
    if (tags != null) {
      body.put("tags", tags);
    }
    return body;
  }

  private Map<String, Object> attributes() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("enabled", enabled);
    if (notBefore != null) {
      attributes.put("nbf", notBefore);
    }
    if (expires != null) {
      attributes.put("exp", expires);
    }
    attributes.put("created", created);
    attributes.put("updated", updated);
    attributes.put("recoveryLevel", RECOVERY_LEVEL);
    attributes.put("recoverableDays", RECOVERABLE_DAYS);
    return attributes;
  }

  /** Shows the id, not the value. */
  @Override
  public String toString() {
    return "KeyVaultVersion[" + id + "]";
  }
}
