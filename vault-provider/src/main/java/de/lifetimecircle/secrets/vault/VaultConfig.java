package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.StoreSettings;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * The checked settings. Immutable.
 *
 * @param address the server, without a slash at its end
 * @param namespace the namespace of mount and login
 * @param mount where the KV engine is mounted, without slashes round it
 * @param kvVersion 1 or 2
 * @param field the field that holds the value
 * @param separator the text that selects a field in a name
 * @param login how to get a token
 * @param tls the trust and the client's certificate
 * @param proxy which requests go through a proxy
 * @param maxConnections the most connections open at a time
 * @param timeout how long a call may take
 * @param clock the time of day
 */
record VaultConfig(
    String address,
    Optional<String> namespace,
    String mount,
    int kvVersion,
    Field field,
    Optional<String> separator,
    VaultLogin login,
    PemTls tls,
    ProxySettings proxy,
    int maxConnections,
    Duration timeout,
    InstantSource clock) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  /**
   * The field that holds the value.
   *
   * @param name its name
   * @param isDefault whether nobody chose it: then a secret without it is read as the JSON object
   *     of all its fields
   */
  record Field(String name, boolean isDefault) {}

  /** Checks everything and reports every mistake at once. */
  static VaultConfig of(StoreConfig config) {
    StoreSettings settings = new StoreSettings(VaultErrors.SCHEME, config);
    URI server = server(settings);
    PemTls tls = tls(settings, server);
    Optional<String> namespace = settings.read(VaultKeys.NAMESPACE);
    Optional<String> field = settings.read(VaultKeys.FIELD);
    ProxySettings proxy = ProxySettings.of(config, VaultErrors.SCHEME, settings.problems());
    proxy.requireTunnelCredentials(server, VaultErrors.SCHEME, settings.problems());
    VaultConfig checked =
        new VaultConfig(
            server.toString().replaceAll("/+$", ""),
            namespace,
            settings.read(VaultKeys.MOUNT).orElse("secret"),
            Integer.parseInt(settings.read(VaultKeys.KV_VERSION)),
            new Field(field.orElse("value"), field.isEmpty()),
            settings.read(VaultKeys.FIELD_SEPARATOR),
            new VaultLoginReader(settings, config, tls, proxy, namespace).read(),
            tls,
            proxy,
            settings.read(VaultKeys.MAX_CONNECTIONS),
            config.timeout(),
            config.clock());
    settings.problems().throwIfAny();
    return checked;
  }

  private static URI server(StoreSettings settings) {
    Optional<String> text = settings.read(VaultKeys.ADDRESS);
    Optional<URI> server = text.flatMap(VaultConfig::url);
    if (server.isEmpty()) {
      // The text is not shown: somebody may have put a password into it.
      settings.wrong(
          VaultKeys.ADDRESS,
          text.isEmpty()
              ? "not set (expected: a URL, here or in VAULT_ADDR)"
              : "not the URL of a server (expected: https://HOST:PORT)");
      return URI.create("https://localhost");
    }
    // Over plain http everybody on the way reads the token.
    boolean isRefused = settings.read(VaultKeys.PLAIN_HTTP).equals("refuse");
    if (isRefused
        && "http".equals(server.get().getScheme())
        && !LOOPBACK.contains(server.get().getHost())) {
      settings.wrong(
          VaultKeys.ADDRESS,
          "http to another host shows the token to the network (expected: https, or"
              + " vault.plain-http=allow)");
    }
    return server.get();
  }

  private static Optional<URI> url(String text) {
    try {
      return Optional.of(new URI(text))
          .filter(uri -> uri.getHost() != null)
          .filter(uri -> "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          .filter(uri -> uri.getRawUserInfo() == null && uri.getRawQuery() == null)
          .filter(uri -> uri.getRawFragment() == null);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static PemTls tls(StoreSettings settings, URI server) {
    PemTls tls =
        new PemTls(
            settings.read(VaultKeys.CA_FILE),
            settings.read(VaultKeys.CLIENT_CERT_FILE),
            settings.read(VaultKeys.CLIENT_KEY_FILE));
    if (tls.certificate().isPresent() != tls.key().isPresent()) {
      settings.wrong(
          VaultKeys.CLIENT_CERT_FILE,
          "without the other (expected: vault.client-cert-file and vault.client-key-file)");
    }
    boolean isAsked =
        settings.isSet(VaultKeys.CA_FILE) || settings.isSet(VaultKeys.CLIENT_CERT_FILE);
    if (isAsked && "http".equals(server.getScheme())) {
      settings.wrong(VaultKeys.ADDRESS, "http beside settings of TLS (expected: https)");
    }
    return tls;
  }

  /** Shows where and how, no credential. */
  @Override
  public String toString() {
    return "VaultConfig[" + address + ", mount=" + mount + ", " + login.word() + "]";
  }
}
