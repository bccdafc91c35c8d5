package de.lifetimecircle.secrets;

import org.jspecify.annotations.Nullable;

/**
 * Reads the field of its entry: a watched entry is retired only when the provider closes. A name
 * that is overridden has no entry and is asked for as by {@code get}.
 */
final class WatchedHandle implements SecretHandle {
  private final String name;
  private final @Nullable Entry<Secret> entry;
  private final SecretProvider provider;
  private final @Nullable Meter readMeter;

  WatchedHandle(
      String name,
      @Nullable Entry<Secret> entry,
      SecretProvider provider,
      @Nullable Meter readMeter) {
    this.name = name;
    this.entry = entry;
    this.provider = provider;
    this.readMeter = readMeter;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Secret get() {
    Secret served = entry == null ? null : entry.served;
    if (served == null) {
      return provider.get(name);
    }
    return readMeter == null ? served : readMeter.read(served);
  }
}
