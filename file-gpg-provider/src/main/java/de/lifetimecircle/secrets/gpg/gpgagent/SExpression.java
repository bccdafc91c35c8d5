package de.lifetimecircle.secrets.gpg.gpgagent;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A list or an atom in the canonical form that gpg-agent speaks: {@code (3:rsa(1:n3:...))}.
 *
 * <p>An atom has bytes and no items; a list has items and no bytes.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this package.
record SExpression(byte[] atom, List<SExpression> items, boolean isList) {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_DIGITS = 6;

  static SExpression atom(byte[] bytes) {
    return new SExpression(bytes, List.of(), false);
  }

  static SExpression atom(String text) {
    return atom(text.getBytes(StandardCharsets.US_ASCII));
  }

  static SExpression list(SExpression... items) {
    return new SExpression(new byte[0], List.of(items), true);
  }

  /** Reads one expression; zero octets after it are ignored, the agent may end with one. */
  static SExpression parse(byte[] data) {
    Reader reader = new Reader(data);
    SExpression result = reader.read(0);
    while (reader.at < data.length) {
      if (data[reader.at++] != 0) {
        throw malformed();
      }
    }
    return result;
  }

  byte[] encoded() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out);
    return out.toByteArray();
  }

  private void write(ByteArrayOutputStream out) {
    if (isList) {
      out.write('(');
      items.forEach(item -> item.write(out));
      out.write(')');
    } else {
      out.writeBytes((atom.length + ":").getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(atom);
    }
  }

  /**
   * Returns the first list within this one, at any depth, that starts with the name; or an empty
   * list.
   */
  SExpression find(String name) {
    if (isList && !items.isEmpty() && items.get(0).is(name)) {
      return this;
    }
    for (SExpression item : items) {
      SExpression found = item.find(name);
      if (!found.items.isEmpty()) {
        return found;
      }
    }
    return list();
  }

  /** Returns the bytes of the atom after the name of this list. */
  byte[] value() {
    if (items.size() < 2 || items.get(1).isList) {
      throw malformed();
    }
    return items.get(1).atom;
  }

  private boolean is(String name) {
    return !isList && Arrays.equals(atom, name.getBytes(StandardCharsets.US_ASCII));
  }

  private static PgpFailure malformed() {
    return new PgpFailure(
        PgpFailure.Reason.AGENT, "Cannot use gpg-agent: it answered with a malformed value.");
  }

  @Override
  public String toString() {
    return "SExpression[redacted]";
  }

  private static final class Reader {
    private final byte[] data;
    private int at;

    Reader(byte[] data) {
      this.data = data;
    }

    SExpression read(int depth) {
      if (depth > MAX_DEPTH) {
        throw malformed();
      }
      if (peek() != '(') {
        return atom(readAtom());
      }
      at++;
      List<SExpression> items = new ArrayList<>();
      while (peek() != ')') {
        items.add(read(depth + 1));
      }
      at++;
      return new SExpression(new byte[0], items, true);
    }

    private byte[] readAtom() {
      int length = 0;
      int start = at;
      while (peek() != ':') {
        int digit = data[at++] - '0';
        if (digit < 0 || digit > 9 || at - start > MAX_DIGITS) {
          throw malformed();
        }
        length = length * 10 + digit;
      }
      at++;
      if (length > data.length - at || at == start + 1) {
        throw malformed();
      }
      at += length;
      return Arrays.copyOfRange(data, at - length, at);
    }

    private int peek() {
      if (at >= data.length) {
        throw malformed();
      }
      return data[at];
    }
  }
}
