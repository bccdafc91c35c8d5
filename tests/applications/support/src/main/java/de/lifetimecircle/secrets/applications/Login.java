package de.lifetimecircle.secrets.applications;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** The login of a user at a server, and the secret that holds its password. */
public final class Login {
  /** A server with users. */
  public interface Server {
    /** Sets the password of a user that exists. */
    void password(String user, String password) throws Exception;
  }

  private final Server server;
  private final String user;
  private final SecretWriter writer;
  private final String secret;
  private final UnaryOperator<String> text;
  private final LeakProbe probe;

  /**
   * Creates a login; nothing is set before the first rotation.
   *
   * @param user exists at the server
   * @param secret the name that services read
   * @param text makes the text of the secret from the password
   * @param probe makes the passwords, and looks for them
   */
  public Login(
      Server server, String user, SecretWriter writer, String secret, UnaryOperator<String> text,
      LeakProbe probe) {
    this.server = server;
    this.user = user;
    this.writer = writer;
    this.secret = secret;
    this.text = text;
    this.probe = probe;
  }

  /** Gives the user a new password and makes it current right after; returns it. */
  public String replace() throws Exception {
    String password = probe.canary("password of " + user);
    server.password(user, password);
    try (SecretValue value = SecretValue.of(text.apply(password))) {
      writer.put(secret, value);
    }
    return password;
  }

  /** As {@link #rotate(Duration, Step)}, with nothing to do in between. */
  public String rotate(Duration before, Duration after) throws Exception {
    return rotate(before, () -> Waiting.pause(after));
  }

  /**
   * Rotates as {@code secrets rotate} does: the new password is pending, then the server's, then
   * current; returns it.
   *
   * @param before the time until the server gets it
   * @param applied runs between the server's change and the promotion
   */
  public String rotate(Duration before, Step applied) throws Exception {
    String password = probe.canary("password of " + user);
    String pending;
    try (SecretValue value = SecretValue.of(text.apply(password))) {
      pending = writer.putPending(secret, value).version();
    }
    Waiting.pause(before);
    server.password(user, password);
    applied.run();
    writer.promote(secret, pending);
    return password;
  }

  /** A step of a rotation. */
  public interface Step {
    /** Runs it. */
    void run() throws Exception;
  }
}
