package de.lifetimecircle.secrets.agent.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Memory through which values and tokens go to channels and come from them. It is outside the heap:
 * the JDK copies bytes of the heap into memory like this of its own, and overwrites no copy.
 * Buffers are used again, so there are as many as were needed at one time. Safe for use by several
 * threads.
 */
public final class DirectBuffers {
  /** A connection has one to read, and one more while it writes. */
  private static final byte[] ZEROS = new byte[8 * 1024];

  private static final Queue<ByteBuffer> FREE = new ConcurrentLinkedQueue<>();

  private DirectBuffers() {}

  /** Returns an empty buffer that no other thread has, of 8 KiB. */
  static ByteBuffer take() {
    ByteBuffer free = FREE.poll();
    return free == null ? ByteBuffer.allocateDirect(ZEROS.length) : free;
  }

  /** Overwrites a buffer that was taken and gives it to the next one who needs it. */
  static void giveBack(ByteBuffer taken) {
    taken.clear().put(0, ZEROS);
    FREE.add(taken);
  }

  /** Overwrites the bytes before that index. */
  static void wipe(ByteBuffer buffer, int end) {
    buffer.duplicate().clear().put(0, ZEROS, 0, end);
  }

  /** Writes all these bytes one after the other; blocks until the channel has taken them. */
  public static void write(WritableByteChannel channel, ByteBuffer... parts) throws IOException {
    ByteBuffer buffer = take();
    try {
      for (ByteBuffer part : parts) {
        while (part.hasRemaining()) {
          if (!buffer.hasRemaining()) {
            flush(channel, buffer);
          }
          int length = Math.min(part.remaining(), buffer.remaining());
          buffer.put(part.slice(part.position(), length));
          part.position(part.position() + length);
        }
      }
      flush(channel, buffer);
    } finally {
      giveBack(buffer);
    }
  }

  private static void flush(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      int unused = channel.write(buffer);
    }
    buffer.clear();
  }
}
