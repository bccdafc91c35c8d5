package de.lifetimecircle.secrets.vault.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.vault.errors.Deadline;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.errors.Reply;
import de.lifetimecircle.secrets.vault.transport.Client;
import de.lifetimecircle.secrets.vault.transport.Names;
import java.util.Map;
import java.util.function.Supplier;

/** How to get a token. Safe for use by several threads; never shows a credential. */
public interface Login {
  /** The word that selects it. */
  String word();

  /** Gets a token from the server, or reads the one there is. */
  Grant perform(Client driver, Deadline deadline);

  /** Whether doing it again can give another token. */
  boolean isRepeatable();

  /** Says whether what it reads is still the same; a change asks for a new login. */
  default String mark() {
    return "";
  }

  /**
   * A token and how long it is good.
   *
   * @param token the token
   * @param isRenewable whether the server renews it
   * @param seconds how long it is good from now on; 0 where that is unknown or without end
   * @param isOurs whether this login made it, so that no other process uses it
   */
  record Grant(String token, boolean isRenewable, long seconds, boolean isOurs) {
    @Override
    public String toString() {
      return "Grant[redacted]";
    }
  }

  /** A token that is not ours. */
  record GivenToken(String word, Credential token, boolean isRepeatable) implements Login {
    @Override
    public Grant perform(Client driver, Deadline deadline) {
      String text = token.read().strip();
      if (!text.matches("[!-~]+")) {
        throw StoreFailure.of(
            Kind.UNAUTHENTICATED, "the configured token is not a token", "Check vault.token");
      }
      return new Grant(text, false, 0, false);
    }

    @Override
    public String mark() {
      return token.mark();
    }
  }

  /** A login that posts a body, made at each login, and gets a token. */
  record Post(String word, String path, Supplier<Map<String, String>> body) implements Login {
    @Override
    public Grant perform(Client driver, Deadline deadline) {
      return granted(word, driver.write(Names.encoded(path), body.get(), "", deadline));
    }

    @Override
    public boolean isRepeatable() {
      return true;
    }
  }

  /** The token in the answer to a login. */
  static Grant granted(String word, Reply reply) {
    Failures.requireAnswer(reply);
    Map<?, ?> auth = reply.auth();
    String token = Json.text(auth, "client_token");
    if (reply.ok() && !token.isEmpty()) {
      boolean renewable = Boolean.TRUE.equals(auth.get("renewable"));
      return new Grant(token, renewable, Json.number(auth, "lease_duration"), true);
    }
    if (reply.ok()) {
      throw StoreFailure.of(
          Kind.UNAUTHENTICATED,
          "the server asks for a second factor, which a service does not have",
          "Remove the enforcement of a second factor from the login by " + word);
    }
    throw refused(word);
  }

  /** A login that the server does not take. */
  static StoreFailure refused(String word) {
    return StoreFailure.of(
        Kind.UNAUTHENTICATED,
        "the server refused the login by " + word,
        "Check the credentials, the role, vault.auth-mount and vault.namespace");
  }
}
