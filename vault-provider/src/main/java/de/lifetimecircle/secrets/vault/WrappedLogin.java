package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretException.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The AppRole login whose secret id comes in a wrapping token: unwrapped once, since the server
 * destroys it then, and kept for later logins. Called by one thread at a time.
 */
final class WrappedLogin implements Login {
  private final String path;
  private final Map<String, String> id;
  private final Credential wrapping;
  private volatile @Nullable String secretId;

  WrappedLogin(String path, Map<String, String> id, Credential wrapping) {
    this.path = path;
    this.id = id;
    this.wrapping = wrapping;
  }

  @Override
  public String word() {
    return "approle";
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public Grant perform(VaultDriver driver, Deadline deadline) throws VaultProblem {
    String known = secretId;
    if (known == null) {
      known = unwrap(driver, deadline);
      secretId = known;
    }
    Map<String, String> body = new LinkedHashMap<>(id);
    body.put("secret_id", known);
    return Login.granted(word(), driver.write(VaultNames.encoded(path), body, "", deadline));
  }

  private String unwrap(VaultDriver driver, Deadline deadline) throws VaultProblem {
    Reply reply = driver.write("sys/wrapping/unwrap", Map.of(), wrapping.read(), deadline);
    VaultErrors.requireAnswer(reply);
    String unwrapped = Reply.text(reply.data(), "secret_id");
    if (!reply.ok() || unwrapped.isEmpty()) {
      throw VaultProblem.of(
          Kind.UNAUTHENTICATED,
          "the wrapping token holds no secret id: it is spent, expired or of something else",
          "If it was not spent by this service, treat the secret id as stolen; wrap a new one");
    }
    return unwrapped;
  }

  @Override
  public String toString() {
    return "WrappedLogin[redacted]";
  }
}
