package de.lifetimecircle.secrets.jdbc;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects why one call could not log in. Not safe for use by several threads. */
final class LoginFailures {
  private final String name;
  private final Set<String> locked = new HashSet<>();
  private final Set<DatabaseLogin> unclear = new HashSet<>();
  private @Nullable SQLException refused;
  private @Nullable SQLException other;
  private @Nullable SecretException secret;

  LoginFailures(String name) {
    this.name = name;
  }

  /** The database refused a login; the exception shows no password. */
  void add(SQLException refusal, LoginRefusal kind, String user) {
    refused = refusal;
    if (kind == LoginRefusal.LOCKED) {
      locked.add(user);
    }
  }

  /** The database said a short time ago that no password opens this account. */
  void addLocked(String user) {
    locked.add(user);
  }

  /** A login failed, and the driver does not say whether because it was refused. */
  void add(SQLException failure, DatabaseLogin login) {
    other = failure;
    unclear.add(login);
  }

  /** Whether such a login was tried before by the same call. */
  boolean isUnclear(DatabaseLogin login) {
    return unclear.contains(login);
  }

  boolean isUnclear() {
    return other != null;
  }

  /** The secret cannot be read, or its value is not a login. */
  void add(SecretException failure) {
    secret = failure;
  }

  boolean isEmpty() {
    return refused == null && other == null && secret == null;
  }

  /** Whether the database says that no password opens this account. */
  boolean isLocked(String user) {
    return locked.contains(user);
  }

  /** Whether another version could help: not if the secret never could be read, or will not be. */
  boolean isWorthWaiting() {
    SecretException unread = secret;
    if (unread != null && unread.kind() == Kind.CLOSED) {
      return false; // the service stops
    }
    return locked.isEmpty() && (unread == null || refused != null || unread.retryable());
  }

  /** The failure for the caller. */
  SQLException all() {
    SQLException unclearOne = other;
    if (refused == null && unclearOne != null) {
      return unclearOne;
    }
    SecretException unread = secret;
    if (refused == null && unread != null) {
      String text = String.valueOf(unread.getMessage());
      return unread.retryable()
          ? new SQLTransientConnectionException(text, "08001", unread)
          : new SQLNonTransientConnectionException(text, "08001", unread);
    }
    SQLException last = refused;
    String state = last == null || last.getSQLState() == null ? "28000" : last.getSQLState();
    SQLException failure =
        new SQLInvalidAuthorizationSpecException(
            "Cannot log in to the database with secret '"
                + name
                + "': the database refuses every valid version"
                + (last == null ? ", as of a moment ago" : "")
                + (locked.isEmpty() ? "" : ", and says that the account is locked")
                + ". Give the user the password that the secret has, or store the right one.",
            state,
            last == null ? 0 : last.getErrorCode(),
            last);
    if (unread != null) {
      failure.addSuppressed(unread);
    }
    return failure;
  }

  /** The failure for a caller that was interrupted while it waited. */
  SQLException interrupted() {
    SQLException failure =
        new SQLTransientConnectionException(
            "Cannot log in to the database with secret '" + name + "': interrupted.", "08001");
    if (refused != null) {
      failure.addSuppressed(refused);
    }
    return failure;
  }
}
