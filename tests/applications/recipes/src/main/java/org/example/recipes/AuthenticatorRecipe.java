package org.example.recipes;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.time.Duration;

/** The JDK's HTTP client, proxies, and everything else that asks an {@code Authenticator}. */
final class AuthenticatorRecipe extends Authenticator {
  private final SecretProvider secrets;

  AuthenticatorRecipe(SecretProvider secrets) {
    this.secrets = secrets;
  }

  @Override
  protected PasswordAuthentication getPasswordAuthentication() {
    // The server has just refused the old password, so an answer from the cache may be too old.
    Secret login = secrets.get("shop/PARTNER_LOGIN", Duration.ofSeconds(1));
    return login.value().useChars(password -> new PasswordAuthentication("shop", password));
  }
}
