package de.lifetimecircle.secrets.kafka;

import de.lifetimecircle.secrets.Secret;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.jspecify.annotations.Nullable;

/**
 * One login by SCRAM: chooses the version of the password when the broker has shown its salt, and
 * notes whether the broker accepted it. Used by one thread, the client's network thread.
 */
final class ScramLogin implements CallbackHandler {
  private final ProviderLease lease;
  private final SaslLogin login;
  private final ScramSalts salts;
  private @Nullable String salt;
  private @Nullable Secret version;

  ScramLogin(ProviderLease lease, SaslLogin login, ScramSalts salts) {
    this.lease = lease;
    this.login = login;
    this.salts = salts;
  }

  /** The broker has shown the salt of the user's password. */
  void salted(String shown) {
    salt = shown;
  }

  /** The broker knows the same password. */
  void accepted() {
    if (salt != null && version != null) {
      salts.accepted(salt, version);
      version = null;
    }
  }

  /** The login is over; refused if it was not accepted after the password was proved. */
  void ended() {
    if (salt != null && version != null) {
      salts.refused(salt, version);
      version = null;
    }
  }

  @Override
  public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    SecretsSaslCallbackHandler.answer(callbacks, login, version(callbacks));
  }

  private Secret version(Callback[] callbacks) {
    boolean asksForName = callbacks.length > 0 && callbacks[0] instanceof NameCallback;
    if (login.user() == null) { // user and password are of one version
      Secret chosen = version == null || asksForName ? lease.recent(login.name()) : version;
      version = chosen;
      return chosen;
    }
    if (salt == null) {
      return lease.provider().get(login.name()); // only the name is asked, which is configured
    }
    Secret chosen = salts.choose(salt);
    version = chosen;
    return chosen;
  }
}
