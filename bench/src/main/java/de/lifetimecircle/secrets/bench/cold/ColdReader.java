package de.lifetimecircle.secrets.bench.cold;

import java.util.function.Consumer;

/**
 * A way to read a secret; used by one thread.
 *
 * @param words what it is
 * @param reading reads a name that it has not read before
 * @param end closes it
 */
record ColdReader(String words, Consumer<String> reading, Runnable end) implements AutoCloseable {
  @Override
  public void close() {
    end.run();
  }
}
