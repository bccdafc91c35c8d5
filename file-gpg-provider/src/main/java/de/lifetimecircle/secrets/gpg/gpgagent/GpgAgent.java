package de.lifetimecircle.secrets.gpg.gpgagent;

import de.lifetimecircle.secrets.gpg.gpgagent.AssuanConnection.Answer;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gpg-agent behind its Unix socket: which secret keys it holds, and what it does with them.
 *
 * <p>Thread-safe: every operation opens its own connection, so calls do not wait for each other
 * here, and an agent that was restarted is found again. No process is started.
 */
public final class GpgAgent implements AutoCloseable {

  private static final int MAX_KEYS = 256;
  private static final String KEYGRIP = "[0-9A-Fa-f]{40}";

  private final Path socket;
  private final byte @Nullable [] passphrase;
  private volatile boolean closed;

  /**
   * Returns an identity that uses the keys of the certificate that a gpg-agent holds.
   *
   * <p>With a passphrase, a copy of it is kept until the identity is closed, because the agent
   * forgets after its own time and asks again. Without one, the agent must hold the keys
   * unprotected or have the passphrase cached. Even with a warm cache, the agent unlocks a
   * protected key again for each operation, which costs 100-250 ms.
   */
  public static PgpIdentity identity(
      Path socket, PgpCertificate certificate, char @Nullable [] passphrase) {
    GpgAgent agent = new GpgAgent(socket, passphrase);
    try {
      return AgentKeys.identity(agent, certificate);
    } catch (RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  /** Keeps a copy of the passphrase, as UTF-8, until closed. */
  GpgAgent(Path socket, char @Nullable [] passphrase) {
    this.socket = socket;
    this.passphrase = passphrase == null ? null : utf8(passphrase);
  }

  /** Returns the public parts of the keys whose secret parts the agent holds, by keygrip. */
  Map<String, SExpression> keys() {
    Map<String, SExpression> keys = new LinkedHashMap<>();
    try (AssuanConnection agent = AssuanConnection.open(socket)) {
      for (String status : agent.command("KEYINFO --list", keyword -> null).status()) {
        String[] words = status.split(" ", -1);
        if (words.length > 1 && words[0].equals("KEYINFO") && words[1].matches(KEYGRIP)) {
          requireFew(keys.size());
          Answer answer = agent.command("READKEY " + words[1], keyword -> null);
          keys.put(words[1], SExpression.parse(answer.data()));
        }
      }
    }
    return keys;
  }

  /** A decrypted value, and whether the agent has already removed its RSA padding. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this package.
  record Decrypted(byte[] value, boolean unpadded) {

    @Override
    public String toString() {
      return "Decrypted[redacted]";
    }
  }

  /** Decrypts with the secret key; the input is an {@code enc-val} expression. */
  Decrypted decrypt(String keygrip, byte[] ciphertext) {
    try (AssuanConnection agent = AssuanConnection.open(socket)) {
      useLoopback(agent);
      agent.command("SETKEY " + keygrip, keyword -> null);
      Answer answer =
          agent.command(
              "PKDECRYPT", keyword -> keyword.equals("CIPHERTEXT") ? ciphertext : reply(keyword));
      byte[] value = SExpression.parse(answer.data()).value("value");
      Arrays.fill(answer.data(), (byte) 0);
      return new Decrypted(value, answer.status().contains("PADDING 0"));
    }
  }

  /** Signs a hash; returns a {@code sig-val} expression. The number is libgcrypt's. */
  SExpression sign(String keygrip, int hashNumber, byte[] hash) {
    try (AssuanConnection agent = AssuanConnection.open(socket)) {
      useLoopback(agent);
      agent.command("SIGKEY " + keygrip, keyword -> null);
      agent.command("SETHASH " + hashNumber + " " + PgpCertificate.hex(hash), keyword -> null);
      return SExpression.parse(agent.command("PKSIGN", this::reply).data());
    }
  }

  /** Overwrites the passphrase; later operations that need one fail. */
  @Override
  public void close() {
    closed = true;
    if (passphrase != null) {
      Arrays.fill(passphrase, (byte) 0);
    }
  }

  /** The agent then asks us for the passphrase instead of opening a window on a server. */
  private static void useLoopback(AssuanConnection agent) {
    try {
      agent.command("OPTION pinentry-mode=loopback", keyword -> null);
    } catch (PgpFailure e) {
      throw e.advising("Its configuration must allow-loopback-pinentry");
    }
  }

  private byte @Nullable [] reply(String keyword) {
    if (keyword.equals("PASSPHRASE") && passphrase != null && !closed) {
      return passphrase.clone();
    }
    // Anything else, such as a request for a new passphrase, is declined.
    return null;
  }

  private static void requireFew(int keys) {
    if (keys >= MAX_KEYS) {
      throw new PgpFailure(
          Reason.AGENT, "use gpg-agent", "it holds more than " + MAX_KEYS + " keys");
    }
  }

  private static byte[] utf8(char[] passphrase) {
    // Into an array of ours: String and Charset.encode would leave copies that cannot be wiped.
    byte[] room = new byte[passphrase.length * 4];
    ByteBuffer encoded = ByteBuffer.wrap(room);
    StandardCharsets.UTF_8
        .newEncoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .encode(CharBuffer.wrap(passphrase), encoded, true);
    byte[] bytes = Arrays.copyOf(room, encoded.position());
    Arrays.fill(room, (byte) 0);
    return bytes;
  }

  @Override
  public String toString() {
    return "GpgAgent[" + socket + "]";
  }
}
