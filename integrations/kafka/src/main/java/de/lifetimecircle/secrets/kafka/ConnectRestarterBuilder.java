package de.lifetimecircle.secrets.kafka;

import de.lifetimecircle.secrets.SecretProvider;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link ConnectRestarter}. Not safe for use by several threads. */
public final class ConnectRestarterBuilder {
  final SecretProvider provider;
  final URI worker;
  String configProvider = "secrets";
  Predicate<String> allowed = name -> true;
  Duration firstLook = Duration.ZERO;
  Duration lookEvery = Duration.ofSeconds(30);
  Duration settle = Duration.ofMillis(500);
  Duration firstRetry = Duration.ofSeconds(1);
  @Nullable Supplier<String> authorization;

  ConnectRestarterBuilder(SecretProvider provider, URI worker) {
    String scheme = worker.getScheme() == null ? "" : worker.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "worker: " + scheme + " (expected: a URL such as http://127.0.0.1:8083)");
    }
    this.provider = provider;
    this.worker = worker;
  }

  /** Sets the name that the worker gives the config provider; default {@code secrets}. */
  public ConnectRestarterBuilder configProvider(String name) {
    this.configProvider = name;
    return this;
  }

  /** Sends this with each request, such as {@code Basic …}; asked each time, so it may rotate. */
  public ConnectRestarterBuilder authorization(Supplier<String> header) {
    this.authorization = header;
    return this;
  }

  /**
   * Sets how often the worker is asked for connectors that name other secrets; default 30 s.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public ConnectRestarterBuilder lookEvery(Duration interval) {
    if (interval.isZero() || interval.isNegative()) {
      throw new IllegalArgumentException("lookEvery: " + interval + " (expected: > 0)");
    }
    this.lookEvery = interval;
    return this;
  }

  /** Watches these names only, as the list {@code allow} of the config provider says. */
  ConnectRestarterBuilder names(Predicate<String> allowed) {
    this.allowed = allowed;
    return this;
  }

  /** Waits this long before the first look: a worker that has just started does not answer yet. */
  ConnectRestarterBuilder firstLookAfter(Duration delay) {
    this.firstLook = delay;
    return this;
  }

  /** Shortens the waits, for tests. */
  ConnectRestarterBuilder waits(Duration settling, Duration retrying) {
    this.settle = settling;
    this.firstRetry = retrying;
    return this;
  }

  /** Makes a restarter, which works from now on until it is closed. */
  public ConnectRestarter build() {
    return new ConnectRestarter(this);
  }
}
