package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with gaps that the values of other secrets fill: a name in braces is the gap for that
 * secret's value. Values are percent-encoded (RFC 3986: all except letters, digits and {@code - . _
 * ~}), so no password can end its part of a URL. A doubled brace is a literal brace. Immutable.
 */
public final class Template {
  private record Piece(String text, boolean gap) {}

  /** A doubled brace, a gap with its name, or a brace without the other one. */
  private static final Pattern BRACE = Pattern.compile("\\{\\{|}}|\\{([^}]*)}?|}");

  private static final Pattern URL =
      Pattern.compile(
          "[a-z][a-z0-9+.:-]*://(?<user>[^:@/?]*):(?<password>[^@/?]*)@(?<where>[^/?]*)(?<path>[^?]*)(?<query>.*)");

  private static final Pattern DATABASE =
      Pattern.compile("(jdbc:)?postgres(ql)?([+][a-z0-9]+)?://.*");

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  private final List<Piece> pieces;

  private Template(List<Piece> pieces) {
    this.pieces = List.copyOf(pieces);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if its braces are wrong; the message does not repeat the text
   */
  public static Template parse(String text) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    Matcher brace = BRACE.matcher(text);
    while (brace.find()) {
      brace.appendReplacement(literal, "");
      String found = brace.group();
      String name = brace.group(1);
      if (found.equals("}")) {
        throw new IllegalArgumentException("a '}' without its '{'; write '}}' for a brace");
      } else if (name == null) {
        literal.append(found.charAt(0));
      } else if (name.isEmpty() || !found.endsWith("}")) {
        throw new IllegalArgumentException(
            found.endsWith("}") ? "nothing between '{' and '}'" : "a '{' without its '}'");
      } else {
        pieces.add(new Piece(literal.toString(), false));
        literal.setLength(0);
        pieces.add(new Piece(name, true));
      }
    }
    brace.appendTail(literal);
    pieces.add(new Piece(literal.toString(), false));
    return new Template(pieces);
  }

  /** Returns the names of its parts, in the order of the text. */
  public Set<String> parts() {
    Set<String> parts = new LinkedHashSet<>();
    pieces.stream().filter(Piece::gap).forEach(piece -> parts.add(piece.text()));
    return parts;
  }

  /** Returns the text before the first gap. */
  public String beginning() {
    return pieces.get(0).text();
  }

  /** Returns whether the text is the URL of a PostgreSQL database. */
  boolean isDatabaseUrl() {
    return DATABASE.matcher(beginning()).matches();
  }

  /**
   * Returns whether a part stands only where a URL with a password says where and as whom to
   * connect. Such a part is no secret by itself. The path of a URL may hold a token, except that of
   * a database, which is the name of the database.
   */
  public boolean isPlace(String part) {
    StringBuilder text = new StringBuilder();
    pieces.forEach(piece -> text.append(piece.gap() ? "{" + piece.text() + "}" : piece.text()));
    Matcher url = URL.matcher(text);
    String gap = "{" + part + "}";
    if (!url.matches()) {
      return false;
    }
    String place = url.group("user") + url.group("where");
    String secret = url.group("password") + url.group("query");
    String path = url.group("path");
    return isDatabaseUrl()
        ? (place + path).contains(gap) && !secret.contains(gap)
        : place.contains(gap) && !(secret + path).contains(gap);
  }

  /**
   * Returns the text with its gaps filled; the caller closes it.
   *
   * @param values one for each of {@link #parts}
   */
  public SecretValue render(Map<String, SecretValue> values) {
    Wiped out = new Wiped();
    try {
      for (Piece piece : pieces) {
        if (piece.gap()) {
          byte[] bytes = Objects.requireNonNull(values.get(piece.text()), piece.text()).asBytes();
          out.encode(bytes);
          Arrays.fill(bytes, (byte) 0);
        } else {
          out.writeBytes(piece.text().getBytes(StandardCharsets.UTF_8));
        }
      }
      byte[] rendered = out.toByteArray();
      try {
        return SecretValue.of(rendered);
      } finally {
        Arrays.fill(rendered, (byte) 0);
      }
    } finally {
      out.wipe();
    }
  }

  /** A buffer that can be overwritten; allocated in full, because growing leaves copies behind. */
  private static final class Wiped extends ByteArrayOutputStream {
    Wiped() {
      super(256 * 1024);
    }

    void encode(byte[] bytes) {
      for (byte b : bytes) {
        if (b > 0 && UNRESERVED.indexOf(b) >= 0) {
          write(b);
        } else {
          write('%');
          write(HEX[(b & 0xf0) >> 4]);
          write(HEX[b & 0xf]);
        }
      }
    }

    void wipe() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}
