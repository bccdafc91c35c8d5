package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.remote.PemTls;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.remote.TypedKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Reads one configuration and gathers every mistake in it; used once. */
final class VaultConfigReader {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final StoreConfig config;
  private final ConfigProblems problems = new ConfigProblems();

  VaultConfigReader(StoreConfig config) {
    this.config = config;
  }

  VaultConfig read() {
    String address = address();
    PemTls tls = tls(address);
    Optional<String> namespace = namespace();
    VaultConfig checked =
        new VaultConfig(
            address,
            namespace,
            pathOf(VaultKeys.MOUNT).orElse("secret"),
            Integer.parseInt(read(VaultKeys.KV_VERSION)),
            field(),
            separator(),
            new VaultLoginReader(this, tls, namespace).read(),
            tls,
            proxy(address),
            read(VaultKeys.MAX_CONNECTIONS),
            config.timeout(),
            config.clock());
    problems.throwIfAny();
    return checked;
  }

  StoreConfig config() {
    return config;
  }

  /** Adds a mistake of a key. */
  void wrong(String key, String what) {
    problems.add(VaultErrors.SCHEME + "." + key + ": " + what);
  }

  /** Reads a setting that is declared with its check. */
  <T> T read(TypedKey<T> setting) {
    return setting.read(config, VaultErrors.SCHEME, problems);
  }

  /** As {@link #read}; empty if the value is not allowed. */
  <T> Optional<T> find(TypedKey<T> setting) {
    return setting.find(config, VaultErrors.SCHEME, problems);
  }

  Optional<String> get(String key) {
    Optional<String> text = config.get(key);
    if (text.isPresent() && text.get().isBlank()) {
      wrong(key, "empty (expected: a value, or leave it out)");
      return Optional.empty();
    }
    return text.map(String::strip);
  }

  boolean isSet(String key) {
    return config.get(key).isPresent();
  }

  /** A variable of Vault's command line, or the one that OpenBao has instead. */
  Optional<String> variable(String name) {
    return environment("VAULT_" + name).or(() -> environment("BAO_" + name));
  }

  Optional<String> environment(String name) {
    return config.environment().apply(name).map(String::strip).filter(text -> !text.isEmpty());
  }

  private String address() {
    Optional<String> text = get(VaultKeys.ADDRESS).or(() -> variable("ADDR"));
    if (text.isEmpty()) {
      wrong(VaultKeys.ADDRESS, "not set (expected: a URL, here or in VAULT_ADDR)");
      return "https://localhost";
    }
    URI uri = uri(text.get());
    boolean wellFormed =
        uri.getHost() != null
            && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
            && uri.getRawUserInfo() == null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (!wellFormed) {
      // The text is not shown: somebody may have put a password into it.
      wrong(VaultKeys.ADDRESS, "not the URL of a server (expected: https://HOST:PORT)");
      return "https://localhost";
    }
    requireSafe(uri);
    return text.get().replaceAll("/+$", "");
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return URI.create("none:none");
    }
  }

  /** Over plain http everybody on the way reads the token. */
  private void requireSafe(URI uri) {
    String choice = get(VaultKeys.PLAIN_HTTP).orElse("refuse");
    if (!choice.equals("refuse") && !choice.equals("allow")) {
      wrong(VaultKeys.PLAIN_HTTP, choice + " (expected: refuse or allow)");
    } else if ("http".equals(uri.getScheme())
        && !LOOPBACK.contains(uri.getHost())
        && choice.equals("refuse")) {
      wrong(
          VaultKeys.ADDRESS,
          "http to another host shows the token to the network (expected: https, or"
              + " vault.plain-http=allow)");
    }
  }

  private Optional<String> namespace() {
    Optional<String> text = get(VaultKeys.NAMESPACE).or(() -> variable("NAMESPACE"));
    Optional<String> plain = text.map(t -> t.replaceAll("^/+|/+$", ""));
    if (plain.isPresent() && !plain.get().matches("[!-~]+")) {
      wrong(VaultKeys.NAMESPACE, text.orElse("") + " (expected: a path in ASCII)");
    }
    return plain;
  }

  /** A path of the server without slashes round it. */
  Optional<String> pathOf(String key) {
    Optional<String> text = get(key);
    Optional<String> plain = text.map(t -> t.replaceAll("^/+|/+$", ""));
    if (plain.isPresent() && !VaultNames.isValid(plain.get())) {
      wrong(key, text.orElse("") + " (expected: a path as secret or team/kv)");
    }
    return plain;
  }

  private VaultConfig.Field field() {
    Optional<String> name = get(VaultKeys.FIELD);
    return new VaultConfig.Field(name.orElse("value"), name.isEmpty());
  }

  private Optional<String> separator() {
    Optional<String> text = get(VaultKeys.FIELD_SEPARATOR);
    if (text.isPresent() && !text.get().matches("[#:;,|@!]")) {
      wrong(VaultKeys.FIELD_SEPARATOR, text.get() + " (expected: one of # : ; , | @ !)");
    }
    return text;
  }

  private ProxySettings proxy(String address) {
    ProxySettings proxy = ProxySettings.of(config, VaultErrors.SCHEME, problems);
    proxy.requireTunnelCredentials(uri(address), VaultErrors.SCHEME, problems);
    return proxy;
  }

  private PemTls tls(String address) {
    Optional<Path> ca = file(VaultKeys.CA_FILE, "CACERT");
    Optional<Path> certificate = file(VaultKeys.CLIENT_CERT_FILE, "CLIENT_CERT");
    Optional<Path> key = file(VaultKeys.CLIENT_KEY_FILE, "CLIENT_KEY");
    if (certificate.isPresent() != key.isPresent()) {
      wrong(
          VaultKeys.CLIENT_CERT_FILE,
          "without the other (expected: vault.client-cert-file and vault.client-key-file)");
    }
    boolean asked = isSet(VaultKeys.CA_FILE) || isSet(VaultKeys.CLIENT_CERT_FILE);
    if (asked && address.startsWith("http:")) {
      wrong(VaultKeys.ADDRESS, "http beside settings of TLS (expected: https)");
    }
    return new PemTls(ca, certificate, key);
  }

  private Optional<Path> file(String key, String variable) {
    return isSet(key) ? file(key) : variable(variable).flatMap(text -> toPath(key, text));
  }

  /** A file of the configuration; not looked at. */
  Optional<Path> file(String key) {
    return get(key).flatMap(text -> toPath(key, text));
  }

  private Optional<Path> toPath(String key, String text) {
    try {
      boolean inHome = text.startsWith("~/") && environment("HOME").isPresent();
      String full = inHome ? environment("HOME").orElse("") + text.substring(1) : text;
      return Optional.of(Path.of(full).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      wrong(key, "not a path (expected: a file)");
      return Optional.empty();
    }
  }
}
