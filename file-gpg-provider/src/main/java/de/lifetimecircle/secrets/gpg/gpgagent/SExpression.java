package de.lifetimecircle.secrets.gpg.gpgagent;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.util.Arrays;

/**
 * A value in the canonical form that gpg-agent speaks: {@code (3:rsa(1:n3:...))}. Immutable.
 *
 * <p>It is read as a flat run of brackets and atoms: an answer is only asked for the atom that
 * follows a name, and a deep nesting then costs no stack.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; the arrays stay in this package.
record SExpression(List<byte[]> tokens) {

  private static final int MAX_DIGITS = 6;

  /** The brackets, by identity: an atom can have the same content. */
  private static final byte[] OPEN = {'('};

  private static final byte[] CLOSE = {')'};

  /** Returns {@code (enc-val(ALGORITHM(PARAMETER VALUE)))}, the form of an encrypted value. */
  static byte[] encrypted(String algorithm, String parameter, byte[] value) {
    String head = "(" + atom("enc-val") + "(" + atom(algorithm) + "(" + atom(parameter);
    return Arrays.concatenate(ascii(head + value.length + ":"), value, ascii(")))"));
  }

  private static String atom(String text) {
    return text.length() + ":" + text;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads one expression; zero octets after it are ignored, the agent may end with one. */
  static SExpression parse(byte[] data) {
    ByteBuffer in = ByteBuffer.wrap(data);
    List<byte[]> tokens = new ArrayList<>();
    try {
      int depth = 0;
      do {
        byte first = in.get();
        depth += first == '(' ? 1 : first == ')' ? -1 : 0;
        tokens.add(first == '(' ? OPEN : first == ')' ? CLOSE : readAtom(first, in));
      } while (depth > 0);
      while (depth == 0 && in.hasRemaining()) {
        depth = in.get();
      }
      if (depth != 0) {
        throw malformed();
      }
    } catch (BufferUnderflowException e) {
      throw malformed();
    }
    return new SExpression(tokens);
  }

  private static byte[] readAtom(byte first, ByteBuffer in) {
    int digits = 0;
    int length = 0;
    for (byte digit = first; digit != ':'; digit = in.get()) {
      if (digit < '0' || digit > '9' || ++digits > MAX_DIGITS) {
        throw malformed();
      }
      length = length * 10 + digit - '0';
    }
    if (digits == 0 || length > in.remaining()) {
      throw malformed();
    }
    byte[] atom = new byte[length];
    in.get(atom);
    return atom;
  }

  /** Returns the atom after the name, in the first list of that name at any depth. */
  Optional<byte[]> find(String name) {
    byte[] wanted = ascii(name);
    for (int i = 2; i < tokens.size(); i++) {
      byte[] value = tokens.get(i);
      if (tokens.get(i - 2) == OPEN
          && Arrays.areEqual(tokens.get(i - 1), wanted)
          && value != OPEN
          && value != CLOSE) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** Returns what {@link #find} finds, which must be there. */
  byte[] value(String name) {
    return find(name).orElseThrow(SExpression::malformed);
  }

  private static PgpFailure malformed() {
    return new PgpFailure(
        PgpFailure.Reason.AGENT, "use gpg-agent", "it answered with a malformed value");
  }

  @Override
  public String toString() {
    return "SExpression[redacted]";
  }
}
