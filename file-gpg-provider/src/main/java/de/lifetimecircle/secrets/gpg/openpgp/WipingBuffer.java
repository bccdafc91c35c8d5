package de.lifetimecircle.secrets.gpg.openpgp;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A buffer that overwrites what it held when it is emptied or closed.
 *
 * <p>Best effort: an array that was outgrown on the way is left to the garbage collector.
 */
public final class WipingBuffer extends ByteArrayOutputStream {

  @Override
  public synchronized void reset() {
    Arrays.fill(buf, (byte) 0);
    super.reset();
  }

  @Override
  public void close() {
    Arrays.fill(buf, (byte) 0);
  }
}
