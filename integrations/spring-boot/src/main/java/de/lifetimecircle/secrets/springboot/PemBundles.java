package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.core.env.Environment;

/**
 * Registers an SSL bundle for each {@code secrets.ssl.NAME}, from secrets in PEM, and updates it
 * when one of them rotates.
 *
 * <p>Where key and certificate are two secrets, one of them rotates first. The bundle then stays as
 * it is until both fit. It also stays if the new PEM cannot be read. Rotations of one bundle are
 * handled one after the other.
 */
final class PemBundles implements SslBundleRegistrar, DisposableBean {
  private static final Logger LOG = System.getLogger(PemBundles.class.getPackageName());

  private final Supplier<SecretProvider> provider;
  private final PropertyReads reads;
  private final Map<String, PemNames> bundles;
  private SecretListener.@Nullable Registration listening;

  /**
   * Reads the settings, and no secret.
   *
   * @param provider asked only if there is a bundle: one of the application may need other bundles
   */
  PemBundles(Supplier<SecretProvider> provider, PropertyReads reads, Environment environment) {
    this.provider = provider;
    this.reads = reads;
    this.bundles =
        new TreeMap<>(
            Binder.get(environment)
                .bind("secrets.ssl", Bindable.mapOf(String.class, PemNames.class))
                .orElseGet(Map::of));
  }

  @Override
  public void registerBundles(SslBundleRegistry registry) {
    bundles.forEach(
        (bundle, names) -> {
          // Before the read, so that no rotation falls between.
          names.all().forEach(name -> reads.watch(provider.get(), name));
          registry.registerBundle(bundle, bundle(bundle, names));
        });
    if (!bundles.isEmpty()) {
      listening = reads.onRotation(event -> rotated(registry, event));
    }
  }

  /** The reads may be those of a parent context, which lives on. */
  @Override
  public void destroy() {
    if (listening != null) {
      listening.close();
    }
  }

  private synchronized void rotated(SslBundleRegistry registry, SecretEvent event) {
    bundles.forEach(
        (bundle, names) -> {
          if (names.all().contains(event.name())) {
            update(registry, bundle, names);
          }
        });
  }

  private void update(SslBundleRegistry registry, String bundle, PemNames names) {
    SslBundle made;
    try {
      made = bundle(bundle, names);
    } catch (SecretException e) {
      LOG.log(Level.WARNING, "{0} The SSL bundle stays as it is.", e.getMessage());
      return;
    }
    try {
      registry.updateBundle(bundle, made);
    } catch (RuntimeException e) { // of a handler, whose text may quote the PEM
      LOG.log(
          Level.WARNING,
          "SSL bundle ''{0}'' is updated, but code that uses it rejected the update: {1}",
          bundle,
          e.getClass().getName());
    }
  }

  private SslBundle bundle(String bundle, PemNames names) {
    if (names.all().isEmpty()) {
      throw SecretException.of(Kind.CONFIGURATION, "make SSL bundle '" + bundle + "'")
          .problems(
              List.of(
                  "secrets.ssl."
                      + bundle
                      + ": no secret (expected: certificate, or trust, or both)"))
          .build();
    }
    try {
      PemSslStoreBundle stores =
          new PemSslStoreBundle(identity(bundle, names), trust(bundle, names));
      requirePair(bundle, stores.getKeyStore());
      stores.getTrustStore(); // else a wrong one would show at the first connection only
      return SslBundle.of(stores);
    } catch (GeneralSecurityException | IllegalStateException | IllegalArgumentException e) {
      throw unusable(bundle, "its PEM cannot be read"); // no cause: its text may quote the PEM
    }
  }

  private @Nullable PemSslStoreDetails identity(String bundle, PemNames names) {
    String certificate = names.certificate();
    String key = names.keyName();
    if (certificate == null || key == null) {
      return null;
    }
    String chain = pem(bundle, certificate);
    // Once if one secret holds both: a rotation between two reads would make an unequal pair.
    String own = key.equals(certificate) ? chain : pem(bundle, key);
    return PemSslStoreDetails.forCertificate(chain).withPrivateKey(own);
  }

  private @Nullable PemSslStoreDetails trust(String bundle, PemNames names) {
    String trust = names.trust();
    return trust == null ? null : PemSslStoreDetails.forCertificate(pem(bundle, trust));
  }

  /** Boot takes another text as a location and opens it, even in the net: {@code https:}. */
  private String pem(String bundle, String name) {
    String text = provider.get().get(name).asString();
    if (!PemContent.isPresentInText(text)) {
      throw unusable(bundle, "secret '" + name + "' has no BEGIN or no END of a PEM");
    }
    return text;
  }

  private static void requirePair(String bundle, @Nullable KeyStore store)
      throws GeneralSecurityException {
    if (store == null) {
      return;
    }
    for (String alias : Collections.list(store.aliases())) {
      Key key = store.getKey(alias, null);
      Certificate certificate = store.getCertificate(alias);
      if (!(key instanceof PrivateKey own) || !isPair(own, certificate)) {
        throw unusable(bundle, "the private key does not belong to the certificate");
      }
    }
  }

  private static boolean isPair(PrivateKey key, Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] probe = {1, 2, 3};
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(probe);
    byte[] signed = signer.sign();
    signer.initVerify(certificate.getPublicKey());
    signer.update(probe);
    return signer.verify(signed);
  }

  private static SecretException unusable(String bundle, String why) {
    return SecretException.of(Kind.INVALID_VALUE, "make SSL bundle '" + bundle + "'")
        .reason(why)
        .advice(
            "Store the certificate chain as BEGIN CERTIFICATE and the key as BEGIN PRIVATE KEY"
                + " (PKCS #8, not encrypted)")
        .build();
  }
}
