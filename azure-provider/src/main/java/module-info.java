/** The store of Azure Key Vault. Nothing is exported; the API finds it. */
@SuppressWarnings("requires-automatic") // see ADR 38: their names are fixed in their manifests
module de.lifetimecircle.secrets.azure {
  requires com.azure.core;
  requires com.azure.identity;
  requires com.azure.security.keyvault.secrets;
  requires com.microsoft.aad.msal4j;
  requires de.lifetimecircle.secrets;
  requires de.lifetimecircle.secrets.remote;
  requires java.net.http;
  requires reactor.core;
  requires static com.google.auto.service;
  requires static transitive org.jspecify;

  provides de.lifetimecircle.secrets.spi.SecretStoreFactory with
      de.lifetimecircle.secrets.azure.AzureStoreFactory;
}
