package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.Json;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a secret, which never show themselves: not in {@code toString}, not in a message,
 * not by serialization.
 *
 * <pre>{@code
 * try (SecretValue own = SecretValue.of("{\"user\": \"app\", \"port\": 5432}")) {
 *   String user = own.json("user"); // one field of a JSON object
 *   int port = Integer.parseInt(own.json("port"));
 *   char first = own.useChars(chars -> chars[0]); // the array is overwritten afterwards
 * }
 * }</pre>
 *
 * <p>Bytes are copied in and out. A value that a {@link SecretProvider} hands out is shared by all
 * its readers, so closing it has no effect there: the provider overwrites the bytes when no code
 * can reach them any more, and when it is closed itself. A value made with {@link #of} or {@link
 * #copy} belongs to the code that made it: closing it overwrites the bytes. Reading an overwritten
 * value fails with {@link SecretException.Kind#CLOSED}.
 *
 * <p>Only bytes can be overwritten. A text that {@link #asString} or {@link #json} has returned is
 * left to the garbage collector, as every {@link String} is; a provider's value keeps that text, so
 * that all readers of a version share one. Code that wants no such text uses {@link #useBytes} or
 * {@link #useChars}.
 *
 * <p>Safe for use by several threads; no method blocks.
 */
public final class SecretValue implements AutoCloseable {
  /**
   * Code that borrows a value in one of its forms.
   *
   * @param <F> the form: a read-only buffer, or an array of characters
   * @param <R> the result of the code
   * @param <X> the checked exception that the code throws; none if it throws none
   */
  @FunctionalInterface
  public interface Use<F, R extends @Nullable Object, X extends Exception> {
    /**
     * Uses the borrowed form.
     *
     * @param borrowed not valid after this method has returned, so it must not be kept
     * @return anything but the borrowed form
     * @throws X passed on to the caller of the value's method
     */
    R use(F borrowed) throws X;
  }

  // Closing may race with reading. The closer raises the flag before it overwrites, the reader
  // copies before it looks at the flag; with the two fences a reader that copied one overwritten
  // byte is sure to see the flag, so no half-erased secret is ever returned. Borrowers do not copy:
  // while there are any, the closer only raises the flag, and the last borrower overwrites.
  private final byte[] bytes;
  private final boolean shared;
  private volatile boolean closed;

  /** How many callers borrow the bytes; guarded by this object's monitor. */
  private short borrowers;

  /** The object that overwrites the bytes if this value is dropped; also guarded by the monitor. */
  private @Nullable Object watch;

  /**
   * The text, once a caller has asked for it. A benign race: the field is plain, two threads may
   * both decode and each gets an equal text, and a String, whose fields are final, is seen whole
   * however its reference was passed on. A volatile field would cost writers a fence and readers
   * nothing here; it would also promise an order that no caller needs.
   */
  private @Nullable String text;

  /** The scalar fields of a JSON object, once a caller has asked for one; published as the text. */
  private @Nullable JsonFields fields;

  /** The final field publishes the map, which does not change after the constructor. */
  private static final class JsonFields {
    private final Map<String, String> scalars;

    JsonFields(Map<?, ?> object, Map<String, ByteBuffer> written) {
      Map<String, String> found = new HashMap<>();
      for (Map.Entry<?, ?> each : object.entrySet()) {
        Object member = each.getValue();
        if (member instanceof String || member instanceof Number || member instanceof Boolean) {
          ByteBuffer number = member instanceof Number ? written.get(each.getKey()) : null;
          CharSequence text =
              number == null ? member.toString() : StandardCharsets.UTF_8.decode(number);
          found.put((String) each.getKey(), text.toString());
        }
      }
      this.scalars = found;
    }
  }

  private SecretValue(byte[] bytes, boolean shared) {
    this.bytes = bytes;
    this.shared = shared;
  }

  /**
   * Makes a value of the caller's own from bytes.
   *
   * @param bytes copied, so the caller can overwrite the array at once
   * @return a new value, which the caller closes
   */
  public static SecretValue of(byte[] bytes) {
    return new SecretValue(bytes.clone(), false);
  }

  /**
   * Makes a value of the caller's own from the UTF-8 bytes of a text.
   *
   * @param text cannot be overwritten, as every {@link String}; pass bytes where that matters
   * @return a new value, which the caller closes
   */
  public static SecretValue of(String text) {
    return new SecretValue(text.getBytes(StandardCharsets.UTF_8), false);
  }

  /**
   * Copies a value, for code that needs it longer than its provider is open.
   *
   * @return a value of the caller's own with the same bytes, which the caller closes
   * @throws SecretException {@code CLOSED} after this value was overwritten
   */
  public SecretValue copy() {
    return new SecretValue(asBytes(), false);
  }

  /** The same bytes as a value that only the pipeline can overwrite. */
  SecretValue toShared() {
    return new SecretValue(asBytes(), true);
  }

  /** The bytes themselves, for the engine to overwrite. */
  byte[] sharedBytes() {
    return bytes;
  }

  /**
   * Copies the bytes.
   *
   * @return an array of the caller's own, who overwrites it after use
   * @throws SecretException {@code CLOSED} after the value was overwritten
   */
  public byte[] asBytes() {
    try {
      byte[] copy = bytes.clone();
      VarHandle.acquireFence();
      if (closed) {
        Arrays.fill(copy, (byte) 0);
        throw overwritten();
      }
      return copy;
    } finally {
      Reference.reachabilityFence(
          this); // else the ValueEraser might overwrite the bytes during the copy
    }
  }

  private static SecretException overwritten() {
    return SecretException.of(SecretException.Kind.CLOSED, "read a secret value")
        .reason("it was closed and overwritten")
        .advice("Get the secret again instead of keeping its value")
        .build();
  }

  /**
   * Lends the bytes themselves, without a copy, as a read-only buffer.
   *
   * <p>The buffer is valid until {@code use} returns; keeping it is a mistake. A value that is
   * closed meanwhile is overwritten when the last borrower has returned, so {@code use} never sees
   * half of it.
   *
   * @param <R> the type of the result
   * @param <X> the checked exception that {@code use} throws; none if it throws none
   * @param use called once, on this thread
   * @return the result of {@code use}
   * @throws SecretException {@code CLOSED} if the value was closed before
   * @throws X if {@code use} throws it
   */
  public <R extends @Nullable Object, X extends Exception> R useBytes(Use<ByteBuffer, R, X> use)
      throws X {
    byte[] borrowed = borrow();
    try {
      return use.use(ByteBuffer.wrap(borrowed).asReadOnlyBuffer());
    } finally {
      giveBack(borrowed);
    }
  }

  /**
   * Lends the value as characters, for methods that take a {@code char[]}: the array is decoded
   * from UTF-8 for this call alone, and overwritten when {@code use} has returned or thrown.
   *
   * @param <R> the type of the result
   * @param <X> the checked exception that {@code use} throws; none if it throws none
   * @param use called once, on this thread; must not keep the array
   * @return the result of {@code use}
   * @throws SecretException {@code INVALID_VALUE} if the bytes are not UTF-8, {@code CLOSED} if the
   *     value was closed before
   * @throws X if {@code use} throws it
   */
  public <R extends @Nullable Object, X extends Exception> R useChars(Use<char[], R, X> use)
      throws X {
    CharBuffer decoded = useBytes(SecretValue::decoded);
    char[] borrowed = Arrays.copyOf(decoded.array(), decoded.limit());
    Arrays.fill(decoded.array(), '\0');
    try {
      return use.use(borrowed);
    } finally {
      Arrays.fill(borrowed, '\0');
    }
  }

  /** The bytes, or a copy of them for more borrowers at once than are counted. */
  private synchronized byte[] borrow() {
    if (closed) {
      throw overwritten();
    }
    if (borrowers == Short.MAX_VALUE) {
      return bytes.clone();
    }
    borrowers++;
    return bytes;
  }

  private synchronized void giveBack(byte[] borrowed) {
    if (borrowed != bytes) {
      Arrays.fill(borrowed, (byte) 0);
      return;
    }
    borrowers--;
    if (closed) {
      eraseUnlessLent();
    }
  }

  /** Returns the note that the engine left here; guarded by this object's monitor. */
  @Nullable Object watch() {
    return watch;
  }

  void watch(@Nullable Object noted) {
    watch = noted;
  }

  /** Decodes into an array of its own, which the caller overwrites unless it becomes a text. */
  private static CharBuffer decoded(ByteBuffer utf8) {
    CharBuffer chars = CharBuffer.allocate(utf8.remaining()); // UTF-8 has a byte or more for each
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(utf8, chars, true);
    if (!result.isUnderflow()) {
      Arrays.fill(chars.array(), '\0');
      // No cause on purpose: it would tell at which length the text breaks.
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "read a secret value as text")
          .reason("its bytes are not UTF-8")
          .advice("Use asBytes()")
          .build();
    }
    return chars.flip();
  }

  /**
   * Decodes the bytes as UTF-8. A value that a provider hands out does it once and keeps the text,
   * so a later call takes as long as reading a field.
   *
   * @return the text, which can never be overwritten
   * @throws SecretException {@code INVALID_VALUE} if they are not UTF-8, {@code CLOSED} after the
   *     value was overwritten
   */
  public String asString() {
    String known = text;
    return known != null && !closed ? known : decode();
  }

  private String decode() {
    CharBuffer chars = useBytes(SecretValue::decoded);
    String decoded = chars.toString();
    Arrays.fill(chars.array(), '\0');
    if (shared) {
      text = decoded;
      forgetFormsIfClosed();
    }
    return decoded;
  }

  /** Whether a text is kept, for the race between its decoding and the overwriting. */
  boolean keepsText() {
    return text != null;
  }

  /** Keeps no text beyond the bytes: either the closer sees the text, or this sees the flag. */
  private void forgetFormsIfClosed() {
    VarHandle.fullFence();
    if (closed) {
      text = null;
      fields = null;
    }
  }

  /**
   * Reads one field of a value that is a JSON object. A value that a provider hands out is parsed
   * once.
   *
   * @param field the name of a member at the top of the object; one inside of another object cannot
   *     be named
   * @return a string as it is, a number or a boolean as it is written
   * @throws SecretException {@code INVALID_VALUE} if the value is not a JSON object (RFC 8259) or
   *     has no such scalar field; the message names the field, never the content; {@code CLOSED}
   *     after the value was overwritten
   */
  public String json(String field) {
    JsonFields known = fields;
    if (known == null || closed) {
      known = parsed(field);
    }
    String member = known.scalars.get(field);
    if (member == null) {
      throw notJson(field, "the object has no such string, number or boolean");
    }
    return member;
  }

  private JsonFields parsed(String field) {
    Object root;
    try {
      root = Json.parse(useChars(String::new)); // not asString, which would keep the whole text
    } catch (IllegalArgumentException e) {
      throw notJson(field, "the value is not valid JSON");
    }
    if (!(root instanceof Map<?, ?> object)) {
      throw notJson(field, "the value is not a JSON object");
    }
    JsonFields parsed = useBytes(utf8 -> new JsonFields(object, Json.members(utf8)));
    if (shared) {
      fields = parsed;
      forgetFormsIfClosed();
    }
    return parsed;
  }

  private static SecretException notJson(String field, String why) {
    return SecretException.of(
            SecretException.Kind.INVALID_VALUE, "read field '" + field + "' of a secret value")
        .reason(why)
        .advice("Store a JSON object that has the field")
        .build();
  }

  /**
   * Tells whether the value has no bytes. Some backends keep an empty value.
   *
   * @return true for 0 bytes, also after the value was overwritten
   */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /**
   * Counts the bytes, for limits; never print the number.
   *
   * @return 0 or more; the same after the value was overwritten
   */
  public int size() {
    return bytes.length;
  }

  /**
   * Overwrites the bytes of a value of the caller's own; has no effect on one that a provider
   * handed out. Closing twice is harmless.
   */
  @Override
  public void close() {
    if (!shared) {
      overwrite();
    }
  }

  void overwrite() {
    closed = true;
    VarHandle.fullFence();
    text = null;
    fields = null;
    synchronized (this) {
      eraseUnlessLent();
    }
  }

  private void eraseUnlessLent() {
    if (borrowers == 0) {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Whether the other value has the same bytes, in a time that does not depend on where they
   * differ. A value that was overwritten equals only itself.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    try {
      boolean same = other instanceof SecretValue that && MessageDigest.isEqual(bytes, that.bytes);
      VarHandle.acquireFence(); // as in asBytes: whoever compared an overwritten byte sees the flag
      return same && !closed && other instanceof SecretValue that && !that.closed;
    } finally {
      Reference.reachabilityFence(this);
      Reference.reachabilityFence(other);
    }
  }

  /** The same for all values, open or closed: a hash of the bytes would tell about them. */
  @Override
  public int hashCode() {
    return SecretValue.class.hashCode();
  }

  /** Always the same text, which says only that the value is redacted. */
  @Override
  public String toString() {
    return "SecretValue[redacted]";
  }
}
