/** The store of HashiCorp Vault and OpenBao. Nothing is exported; the API finds it. */
@SuppressWarnings("requires-automatic") // an annotation for the compiler, absent at run time
module de.lifetimecircle.secrets.vault {
  requires de.lifetimecircle.secrets;
  requires de.lifetimecircle.secrets.remote;
  requires java.net.http;
  requires static com.google.auto.service;
  requires static transitive org.jspecify;
  requires vault.java.driver;

  provides de.lifetimecircle.secrets.spi.SecretStoreFactory with
      de.lifetimecircle.secrets.vault.VaultStoreFactory;
}
