/** The opt-in log of everything that is asked of a backend. */
@SuppressWarnings("requires-automatic") // an annotation for the compiler, absent at run time
module de.lifetimecircle.secrets.auditlog {
  requires de.lifetimecircle.secrets;
  requires static com.google.auto.service;
  requires static transitive org.jspecify;

  provides de.lifetimecircle.secrets.spi.SecretAudit with
      de.lifetimecircle.secrets.auditlog.FileAudit;
}
