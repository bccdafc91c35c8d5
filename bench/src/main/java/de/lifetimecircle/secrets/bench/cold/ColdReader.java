package de.lifetimecircle.secrets.bench.cold;

/** A way to read a secret; used by one thread. */
interface ColdReader extends AutoCloseable {
  /** Describes the reader as text. */
  String words();

  /** Reads a name that it has not read before. */
  void read(String name);

  @Override
  void close();
}
