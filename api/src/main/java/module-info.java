/**
 * Secrets by name, from the backend that the configuration names: what services call, and in {@code
 * spi} what backends implement.
 */
module de.lifetimecircle.secrets {
  requires java.management;
  requires jdk.jfr;
  requires static transitive org.jspecify;

  exports de.lifetimecircle.secrets;
  exports de.lifetimecircle.secrets.spi;

  uses de.lifetimecircle.secrets.spi.SecretAudit;
  uses de.lifetimecircle.secrets.spi.RotationChannelFactory;
  uses de.lifetimecircle.secrets.spi.SecretMetricsFactory;
  uses de.lifetimecircle.secrets.spi.SecretStoreFactory;
}
