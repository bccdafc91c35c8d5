package de.lifetimecircle.secrets.testservers.keyvault;

import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/** The settings of a {@link KeyVaultServer}. For one thread. */
public final class KeyVaultServerBuilder {
  final String tenant = UUID.randomUUID().toString();
  final String clientId = UUID.randomUUID().toString();
  InstantSource clock = InstantSource.system();
  int port;
  int quota = Integer.MAX_VALUE;
  Duration tokenLifetime = Duration.ofSeconds(3599);
  private Duration deleteDelay = Duration.ofMillis(300);
  private Duration recoverDelay = Duration.ofMillis(600);
  private Duration purgeDelay = Duration.ofMillis(300);
  KeyVaultServer.Rights rights = KeyVaultServer.Rights.ROLES;

  KeyVaultServerBuilder() {}

  /** The time of the vault and of its tokens; the system's unless set. */
  public KeyVaultServerBuilder clock(InstantSource source) {
    this.clock = source;
    return this;
  }

  /** The port; a free one unless set. */
  public KeyVaultServerBuilder port(int number) {
    this.port = number;
    return this;
  }

  /** Requests in ten seconds before it answers 429; no limit unless set. */
  public KeyVaultServerBuilder quota(int requests) {
    this.quota = requests;
    return this;
  }

  /** How long a token is good, in whole seconds; 3,599 s unless set. */
  public KeyVaultServerBuilder tokenLifetime(Duration lifetime) {
    this.tokenLifetime = lifetime;
    return this;
  }

  /** From a delete until the deleted secret shows; 300 ms unless set, the service takes 2-7 s. */
  public KeyVaultServerBuilder deleteDelay(Duration delay) {
    this.deleteDelay = delay;
    return this;
  }

  /** From a recover until the secret shows; 600 ms unless set, the service takes 12 s. */
  public KeyVaultServerBuilder recoverDelay(Duration delay) {
    this.recoverDelay = delay;
    return this;
  }

  /** From a purge until the name is free; 300 ms unless set, the service takes 1-5 s. */
  public KeyVaultServerBuilder purgeDelay(Duration delay) {
    this.purgeDelay = delay;
    return this;
  }

  /** Sets the way in which the vault decides about rights; roles by default. */
  public KeyVaultServerBuilder rights(KeyVaultServer.Rights model) {
    this.rights = model;
    return this;
  }

  KeyVaultState.Delays delays() {
    return new KeyVaultState.Delays(deleteDelay, recoverDelay, purgeDelay);
  }

  /** Starts it; ready when this returns. */
  public KeyVaultServer start() {
    return new KeyVaultServer(this);
  }
}
