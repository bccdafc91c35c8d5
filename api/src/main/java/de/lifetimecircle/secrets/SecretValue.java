package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.Json;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a secret, which never show themselves: not in {@code toString}, not in a message,
 * not by serialization.
 *
 * <p>Bytes are copied in and out. A value that a {@link SecretProvider} hands out is shared by all
 * its readers, so closing it has no effect there: the provider overwrites it when nobody can read
 * it any more, and when it is closed itself. A value made with {@link #of} or {@link #copy} is its
 * maker's own: closing it overwrites the bytes, and reading it afterwards fails with {@link
 * SecretException.Kind#CLOSED}.
 *
 * <p>Safe for use by several threads; no method blocks.
 */
public final class SecretValue implements AutoCloseable {
  // Closing may race with reading. The closer raises the flag before it overwrites, the reader
  // copies before it looks at the flag; with the two fences a reader that copied one overwritten
  // byte is sure to see the flag, so no half-erased secret is ever returned.
  private final byte[] bytes;
  private final boolean shared;
  private volatile boolean closed;

  private SecretValue(byte[] bytes, boolean shared) {
    this.bytes = bytes;
    this.shared = shared;
  }

  /** A value with a copy of these bytes. */
  public static SecretValue of(byte[] bytes) {
    return new SecretValue(bytes.clone(), false);
  }

  /** A value with the UTF-8 bytes of this text. */
  public static SecretValue of(String text) {
    return new SecretValue(text.getBytes(StandardCharsets.UTF_8), false);
  }

  /** A value of the caller's own with the same bytes. */
  public SecretValue copy() {
    return new SecretValue(asBytes(), false);
  }

  /** The same bytes as a value that only the pipeline can overwrite. */
  SecretValue toShared() {
    return new SecretValue(asBytes(), true);
  }

  /** The bytes themselves, for {@link Remains} to overwrite. */
  byte[] sharedBytes() {
    return bytes;
  }

  /**
   * A copy of the bytes.
   *
   * @throws SecretException {@code CLOSED} after the value was overwritten
   */
  public byte[] asBytes() {
    try {
      byte[] copy = bytes.clone();
      VarHandle.acquireFence();
      if (closed) {
        Arrays.fill(copy, (byte) 0);
        throw SecretException.of(SecretException.Kind.CLOSED, "read a secret value")
            .reason("it was closed and overwritten")
            .advice("Get the secret again instead of keeping its value")
            .build();
      }
      return copy;
    } finally {
      Reference.reachabilityFence(this); // else Remains might overwrite what is being copied
    }
  }

  /**
   * The bytes as UTF-8 text.
   *
   * @throws SecretException {@code INVALID_VALUE} if they are not UTF-8, {@code CLOSED} after the
   *     value was overwritten
   */
  public String asString() {
    byte[] copy = asBytes();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(copy)).toString();
    } catch (CharacterCodingException e) {
      // The cause is left out on purpose: it tells at which length the text breaks.
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "read a secret value as text")
          .reason("its bytes are not UTF-8")
          .advice("Use asBytes()")
          .build();
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /**
   * One field of a value that is a JSON object, as text: a string as it is, a number or a boolean
   * as it is written.
   *
   * @throws SecretException {@code INVALID_VALUE} if the value is not a JSON object (RFC 8259) or
   *     has no such scalar field; the message names the field, never the content
   */
  public String json(String field) {
    Object root;
    try {
      root = Json.parse(asString());
    } catch (IllegalArgumentException e) {
      throw notJson(field, "the value is not valid JSON");
    }
    if (!(root instanceof Map<?, ?> object)) {
      throw notJson(field, "the value is not a JSON object");
    }
    Object member = object.get(field);
    if (member instanceof String || member instanceof Number || member instanceof Boolean) {
      return member.toString();
    }
    throw notJson(field, "the object has no such string, number or boolean");
  }

  private static SecretException notJson(String field, String why) {
    return SecretException.of(
            SecretException.Kind.INVALID_VALUE, "read field '" + field + "' of a secret value")
        .reason(why)
        .advice("Store a JSON object that has the field")
        .build();
  }

  /** Whether the value has no bytes. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** The number of bytes, for limits; never print it. */
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
    Arrays.fill(bytes, (byte) 0);
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
