package de.lifetimecircle.secrets.aws.transport;

import java.util.Arrays;
import software.amazon.awssdk.thirdparty.jackson.core.util.BufferRecycler;
import software.amazon.awssdk.thirdparty.jackson.core.util.BufferRecyclers;

/**
 * The buffers in which the SDK writes and reads JSON. It keeps them for each thread, and the
 * provider's workers live as long as there are loads: a value would stay in the buffers of one
 * worker after every copy of ours was overwritten. Stateless.
 */
public final class JsonBuffers {
  /** How many kinds of each buffer there are. */
  private static final int KINDS = 4;

  private JsonBuffers() {}

  /** Overwrites those of this thread; never fails. */
  @SuppressWarnings("deprecation") // the parser's pools of other kinds are not those of the SDK
  public static void overwrite() {
    try {
      BufferRecycler buffers = BufferRecyclers.getBufferRecycler();
      for (int kind = 0; kind < KINDS; kind++) {
        byte[] bytes = buffers.allocByteBuffer(kind);
        Arrays.fill(bytes, (byte) 0);
        buffers.releaseByteBuffer(kind, bytes);
        char[] characters = buffers.allocCharBuffer(kind);
        Arrays.fill(characters, '\0');
        buffers.releaseCharBuffer(kind, characters);
      }
    } catch (LinkageError e) {
      // An SDK with a parser of another kind: AwsHeapTest tells what that one keeps.
    }
  }
}
