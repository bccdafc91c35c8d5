package org.example.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretHandle;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** A TLS identity from a handle: the alias is the version, so a handshake never mixes two. */
final class PemKeyManager extends X509ExtendedKeyManager {
  private record Identity(String version, PrivateKey key, X509Certificate[] chain) {}

  private final SecretHandle handle; // of a PEM with a chain and its key, in PKCS #8
  private final Map<String, Identity> identities = new ConcurrentHashMap<>();
  private volatile String usable = "";

  PemKeyManager(SecretHandle handle) { this.handle = handle; }

  private static Identity parse(Secret secret) {
    String[] parts = secret.asString().split("-----BEGIN PRIVATE KEY-----|-----END PRIVATE KEY-----");
    try {
      PrivateKey key = KeyFactory.getInstance("EC").generatePrivate( // or RSA
          new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(parts[1])));
      var chain = CertificateFactory.getInstance("X.509").generateCertificates(
          new ByteArrayInputStream((parts[0] + (parts.length > 2 ? parts[2] : "")).getBytes(UTF_8)));
      return new Identity(secret.version(), key, chain.toArray(X509Certificate[]::new));
    } catch (GeneralSecurityException | RuntimeException e) { // no cause: it may quote the PEM
      throw new IllegalStateException("Cannot use version " + secret.version() + " of the certificate.");
    }
  }

  private String alias() {
    Secret current = handle.get();
    try {
      usable = identities.computeIfAbsent(current.version(), version -> parse(current)).version();
    } catch (IllegalStateException e) {
      System.getLogger("tls").log(System.Logger.Level.WARNING, e.getMessage()); // the old one stays
    }
    return usable.isEmpty() ? null : usable;
  }

  @Override public PrivateKey getPrivateKey(String alias) { return identities.get(alias).key(); }
  @Override public X509Certificate[] getCertificateChain(String alias) { return identities.get(alias).chain(); }
  @Override public String chooseEngineServerAlias(String type, Principal[] ca, SSLEngine of) { return alias(); }
  @Override public String chooseEngineClientAlias(String[] type, Principal[] ca, SSLEngine of) { return alias(); }
  @Override public String chooseServerAlias(String type, Principal[] ca, Socket of) { return alias(); }
  @Override public String chooseClientAlias(String[] type, Principal[] ca, Socket of) { return alias(); }
  @Override public String[] getServerAliases(String type, Principal[] ca) { return new String[] {alias()}; }
  @Override public String[] getClientAliases(String type, Principal[] ca) { return new String[] {alias()}; }
}
