package org.example.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.plain.PlainAuthenticateCallback;

/**
 * The broker's side of PLAIN: accepts the passwords that a file lists, as a directory service with
 * two valid passwords does. Writes down a digest of each password, and whether it was accepted.
 */
public final class PlainPasswords implements AuthenticateCallbackHandler {
  private Path file = Path.of("none");

  @Override
  public void configure(
      Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
    file = Path.of(String.valueOf(entries.get(0).getOptions().get("file")));
  }

  @Override
  public void handle(Callback[] callbacks) {
    String user = "";
    for (Callback callback : callbacks) {
      if (callback instanceof NameCallback name) {
        user = name.getDefaultName();
      } else if (callback instanceof PlainAuthenticateCallback login) {
        login.authenticated(user.equals("shop") && accepts(new String(login.password())));
      }
    }
  }

  private boolean accepts(String password) {
    try {
      boolean accepted = Files.readAllLines(file).contains(password);
      Files.writeString(
          logins(file),
          (accepted ? "accepted " : "refused ") + RecordingTask.digest(password) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return accepted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file of the digests. */
  static Path logins(Path file) {
    return file.resolveSibling("logins");
  }

  @Override
  public void close() {}
}
