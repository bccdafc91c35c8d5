package de.lifetimecircle.secrets.vault.config;

import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.StoreSettings;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.vault.errors.Failures;
import de.lifetimecircle.secrets.vault.login.Login;
import de.lifetimecircle.secrets.vault.transport.Server;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * The checked settings. Immutable.
 *
 * @param server where the server is, and how it is reached
 * @param mount where the KV engine is mounted, without slashes round it
 * @param kvVersion 1 or 2
 * @param field the field that holds the value
 * @param separator the text that selects a field in a name
 * @param login how to get a token
 * @param clock the time of day
 */
public record Settings(
    Server server,
    String mount,
    int kvVersion,
    Field field,
    Optional<String> separator,
    Login login,
    InstantSource clock) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  /**
   * The field that holds the value.
   *
   * @param name its name
   * @param isDefault whether it is not configured: then a secret without it is read as the JSON
   *     object of all its fields
   */
  public record Field(String name, boolean isDefault) {}

  /** Checks everything and reports every mistake at once. */
  public static Settings of(StoreConfig config) {
    StoreSettings settings = new StoreSettings(Failures.SCHEME, config);
    URI address = address(settings);
    PemTls tls = tls(settings, address);
    Optional<String> namespace = settings.read(SettingKeys.NAMESPACE);
    Optional<String> field = settings.read(SettingKeys.FIELD);
    ProxySettings proxy = ProxySettings.of(config, Failures.SCHEME, settings.problems());
    proxy.requireTunnelCredentials(address, Failures.SCHEME, settings.problems());
    Settings checked =
        new Settings(
            new Server(
                address.toString().replaceAll("/+$", ""),
                namespace,
                tls,
                proxy,
                settings.read(SettingKeys.MAX_CONNECTIONS),
                config.timeout()),
            settings.read(SettingKeys.MOUNT).orElse("secret"),
            Integer.parseInt(settings.read(SettingKeys.KV_VERSION)),
            new Field(field.orElse("value"), field.isEmpty()),
            settings.read(SettingKeys.FIELD_SEPARATOR),
            new LoginReader(settings, config, tls, proxy, namespace).read(),
            config.clock());
    settings.problems().throwIfAny();
    return checked;
  }

  private static URI address(StoreSettings settings) {
    Optional<String> text = settings.read(SettingKeys.ADDRESS);
    Optional<URI> server = text.flatMap(Settings::url);
    if (server.isEmpty()) {
      // The text is not shown: it may have a password by mistake.
      settings.wrong(
          SettingKeys.ADDRESS,
          text.isEmpty()
              ? "not set (expected: a URL, here or in VAULT_ADDR)"
              : "not the URL of a server (expected: https://HOST:PORT)");
      return URI.create("https://localhost");
    }
    // Over plain http everybody on the way reads the token.
    boolean isRefused = settings.read(SettingKeys.PLAIN_HTTP).equals("refuse");
    if (isRefused
        && "http".equals(server.get().getScheme())
        && !LOOPBACK.contains(server.get().getHost())) {
      settings.wrong(
          SettingKeys.ADDRESS,
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
            settings.read(SettingKeys.CA_FILE),
            settings.read(SettingKeys.CLIENT_CERT_FILE),
            settings.read(SettingKeys.CLIENT_KEY_FILE));
    if (tls.certificate().isPresent() != tls.key().isPresent()) {
      settings.wrong(
          SettingKeys.CLIENT_CERT_FILE,
          "without the other (expected: vault.client-cert-file and vault.client-key-file)");
    }
    boolean isAsked =
        settings.isSet(SettingKeys.CA_FILE) || settings.isSet(SettingKeys.CLIENT_CERT_FILE);
    if (isAsked && "http".equals(server.getScheme())) {
      settings.wrong(SettingKeys.ADDRESS, "http beside settings of TLS (expected: https)");
    }
    return tls;
  }

  /** Shows where and how, no credential. */
  @Override
  public String toString() {
    return "Settings[" + server.address() + ", mount=" + mount + ", " + login.word() + "]";
  }
}
