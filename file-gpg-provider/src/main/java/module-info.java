/** The store of OpenPGP files: the embedded default. Nothing is exported; the API finds it. */
@SuppressWarnings("requires-automatic") // an annotation for the compiler, absent at run time
module de.lifetimecircle.secrets.gpg {
  requires de.lifetimecircle.secrets;
  requires jdk.net;
  requires org.bouncycastle.pg;
  requires org.bouncycastle.provider;
  requires static com.google.auto.service;
  requires static transitive org.jspecify;

  provides de.lifetimecircle.secrets.spi.SecretStoreFactory with
      de.lifetimecircle.secrets.gpg.GpgStoreFactory;
}
