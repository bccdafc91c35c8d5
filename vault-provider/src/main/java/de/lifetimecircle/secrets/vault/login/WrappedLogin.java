package de.lifetimecircle.secrets.vault.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.vault.errors.Deadline;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.errors.Reply;
import de.lifetimecircle.secrets.vault.transport.Client;
import de.lifetimecircle.secrets.vault.transport.Names;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The AppRole login whose secret id comes in a wrapping token. A wrapping token works once, so the
 * secret id is kept for later logins, and each login looks whether there is another wrapping token
 * by now. Called by one thread at a time.
 *
 * <p>States: nothing unwrapped; a secret id held, with the wrapping token that brought it. Beside
 * these, the last wrapping token that is of no use any more, as it or its secret id was refused:
 * neither is sent again.
 *
 * <p>Before it unwraps a token, it asks the server which request created the token, as Vault
 * advises. Everybody may wrap anything, so a token that was swapped on its way would log this
 * service in as another identity (developer.hashicorp.com/vault/docs/concepts/response-wrapping,
 * read 2026-11-25).
 */
public final class WrappedLogin implements Login {
  private static final System.Logger LOG = System.getLogger(WrappedLogin.class.getName());

  private final String path;
  private final String roles;
  private final Map<String, String> id;
  private final Credential wrapping;
  private final Pattern makers;
  private @Nullable Unwrapped held;
  private @Nullable Refused refused;

  /** A secret id and the wrapping token that brought it. */
  private record Unwrapped(String token, String secretId) {
    @Override
    public String toString() {
      return "Unwrapped[redacted]";
    }
  }

  /** A wrapping token that is of no use any more, and why. */
  private record Refused(String token, StoreFailure problem) {
    @Override
    public String toString() {
      return "Refused[redacted]";
    }
  }

  /**
   * Makes it.
   *
   * @param path where the server takes the login
   * @param namespace the namespace that the server may write before that mount; empty for none
   * @param role the id of the role
   * @param wrapping the wrapping token
   */
  public WrappedLogin(String path, String namespace, String role, Credential wrapping) {
    this.path = path;
    this.roles = path.replaceFirst("login$", "role/");
    this.id = Map.of("role_id", role);
    this.wrapping = wrapping;
    String before = namespace.isEmpty() ? "" : "(" + Pattern.quote(namespace) + "/)?";
    this.makers = Pattern.compile(before + Pattern.quote(roles) + "[^/]+/(custom-)?secret-id");
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
  public Grant perform(Client driver, Deadline deadline) {
    Unwrapped before = held;
    StoreFailure lack = renew(driver, deadline);
    Unwrapped now = held;
    if (now == null) {
      throw lack == null ? spent() : lack;
    }
    Reply reply = login(now, driver, deadline);
    if (reply.status() != 400) {
      return Login.granted(word(), reply);
    }
    // Sent again and again it would lock the role, for all its services (user lockout: 5 times).
    refused = new Refused(now.token(), spent());
    held = null;
    if (now.equals(before)) {
      throw lack == null ? spent() : lack;
    }
    if (before == null) {
      throw Login.refused(word());
    }
    return fallBack(before, driver, deadline);
  }

  /** Logs in with the secret id before the one that was refused, which it takes the place of. */
  private Grant fallBack(Unwrapped before, Client driver, Deadline deadline) {
    LOG.log(
        System.Logger.Level.WARNING,
        "The server refuses the new secret id that came "
            + wrapping.place()
            + ". The service logs in with the secret id before it. "
            + renewal()
            + ".");
    held = before;
    Reply reply = login(before, driver, deadline);
    if (reply.status() == 400) {
      held = null;
      throw Login.refused(word());
    }
    return Login.granted(word(), reply);
  }

  private Reply login(Unwrapped secret, Client driver, Deadline deadline) {
    Map<String, String> body = new LinkedHashMap<>(id);
    body.put("secret_id", secret.secretId());
    return driver.write(Names.encoded(path), body, "", deadline);
  }

  /**
   * Unwraps a wrapping token that is new.
   *
   * @return why there is no new secret id, where the file should have had one; null where all is
   *     well
   */
  private @Nullable StoreFailure renew(Client driver, Deadline deadline) {
    Unwrapped before = held;
    try {
      String token = wrapping.read();
      if (before == null || !before.token().equals(token)) {
        held = new Unwrapped(token, unwrap(token, driver, deadline));
      }
      return null;
    } catch (StoreFailure e) {
      if (before == null || e.kind() != Kind.UNAUTHENTICATED) {
        throw e;
      }
      if (wrapping.isAbsent()) {
        return e; // who removes a token that was used leaves no new one
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "Cannot unwrap a new secret id: "
              + e.reason()
              + ". The service logs in with the secret id it holds. "
              + e.advice().orElse("")
              + ".");
      return e;
    }
  }

  private String unwrap(String token, Client driver, Deadline deadline) {
    Refused known = refused;
    if (known != null && known.token().equals(token)) {
      throw known.problem();
    }
    try {
      requireMaker(driver.write("sys/wrapping/lookup", Map.of("token", token), "", deadline));
      return secretId(driver.write("sys/wrapping/unwrap", Map.of(), token, deadline));
    } catch (StoreFailure e) {
      if (e.kind() == Kind.UNAUTHENTICATED) {
        refused = new Refused(token, e);
      }
      throw e;
    }
  }

  private void requireMaker(Reply reply) {
    Failures.requireAnswer(reply);
    if (!reply.ok()) {
      throw noSecretId();
    }
    if (!makers.matcher(Json.text(reply.data(), "creation_path")).matches()) {
      throw StoreFailure.of(
          Kind.UNAUTHENTICATED,
          "the wrapping token " + wrapping.place() + " was not made by " + roles + "ROLE/secret-id",
          "Find out who put it there: it may have been swapped to log this service in as another"
              + " identity. "
              + renewal());
    }
  }

  private String secretId(Reply reply) {
    Failures.requireAnswer(reply);
    String unwrapped = Json.text(reply.data(), "secret_id");
    if (!reply.ok() || unwrapped.isEmpty()) {
      throw noSecretId();
    }
    return unwrapped;
  }

  private StoreFailure noSecretId() {
    return StoreFailure.of(
        Kind.UNAUTHENTICATED,
        "the wrapping token " + wrapping.place() + " holds no secret id: it is spent or expired",
        "If neither this service nor an earlier run of it spent it, treat the secret id as stolen. "
            + renewal());
  }

  private StoreFailure spent() {
    return StoreFailure.of(
        Kind.UNAUTHENTICATED,
        "the server refuses the secret id, and the wrapping token "
            + wrapping.place()
            + " was used already",
        renewal());
  }

  private String renewal() {
    return "Write a new one: vault write -wrap-ttl=10m -f " + roles + "ROLE/secret-id";
  }

  @Override
  public String toString() {
    return "WrappedLogin[redacted]";
  }
}
