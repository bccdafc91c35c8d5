package de.lifetimecircle.secrets.remote;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides which requests of a store go through a proxy, and with which credentials. The first of
 * these that says something decides:
 *
 * <ol>
 *   <li>the store's own setting {@code proxy}: {@code http://[USER:PASSWORD@]HOST:PORT}, {@code
 *       HOST:PORT}, or {@code direct} for none;
 *   <li>the JVM: its default {@link ProxySelector}, so {@code https.proxyHost}, {@code
 *       https.proxyPort} and {@code http.nonProxyHosts}, with {@code https.proxyUser} and {@code
 *       https.proxyPassword};
 *   <li>the environment: {@code HTTPS_PROXY} or {@code https_proxy} and {@code NO_PROXY} or {@code
 *       no_proxy}; for an address without TLS {@code http_proxy} only, because a web server that
 *       runs programs fills {@code HTTP_PROXY} from a header of its clients.
 * </ol>
 *
 * <pre>{@code
 * StoreConfig config =
 *     new StoreConfig(
 *         Map.of("proxy", "http://proxy.example.org:3128"),
 *         variable -> Optional.ofNullable(System.getenv(variable)),
 *         Duration.ofSeconds(10),
 *         InstantSource.system());
 * ConfigProblems problems = new ConfigProblems();
 * ProxySettings proxy = ProxySettings.of(config, "example", problems);
 * problems.throwIfAny();
 * HttpClient client = HttpClient.newBuilder().proxy(proxy).build();
 * }</pre>
 *
 * <p>Whatever is set, a request to this machine or its link (loopback, link-local, {@code
 * localhost}) goes there directly: there a host hands out its identity, often over plain HTTP, and
 * a proxy would see it. An address counts as it is written; no name is looked up.
 *
 * <p>Reads system properties at each request; does not block. Safe for use by several threads.
 * {@code toString} shows no credentials.
 */
public final class ProxySettings extends ProxySelector {
  /** The name of the setting, without the scheme. */
  public static final String KEY = "proxy";

  private static final String FORM = "(expected: http://[USER:PASSWORD@]HOST:PORT, or direct)";
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  private final String key;
  private final Optional<ProxyAddress> own;
  private final Function<String, Optional<String>> environment;
  private final Set<String> spared;
  private final boolean isOff;

  private ProxySettings(
      String key,
      Optional<ProxyAddress> own,
      Function<String, Optional<String>> environment,
      Set<String> spared,
      boolean isOff) {
    this.key = key;
    this.own = own;
    this.environment = environment;
    this.spared = spared;
    this.isOff = isOff;
  }

  /**
   * Describes the setting, for a store's list of keys.
   *
   * @return a setting whose value is a secret, because the address may contain a password
   */
  public static TypedKey<Optional<String>> key() {
    return TypedKey.secret(
        KEY,
        "HTTP proxy as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or direct for none;"
            + " default: the JVM's https.proxyHost, else HTTPS_PROXY and NO_PROXY. Never used for"
            + " this machine and its link.");
  }

  /**
   * Reads the settings of a store.
   *
   * @param config the settings and the environment of the store
   * @param scheme the scheme of the store, for the messages
   * @param problems gets each mistake, without the text of the setting: it may contain a password
   * @return the settings; if there is a problem, they must not be used
   */
  public static ProxySettings of(StoreConfig config, String scheme, ConfigProblems problems) {
    Optional<String> text = config.get(KEY).map(String::strip);
    boolean isOff = text.filter("direct"::equals).isPresent();
    Optional<ProxyAddress> own = isOff ? Optional.empty() : text.flatMap(ProxyAddress::parse);
    if (text.isPresent() && !isOff && own.filter(ProxyAddress::hasPort).isEmpty()) {
      problems.add(scheme + "." + KEY + ": not of that form " + FORM);
    }
    if (text.isEmpty()) {
      for (String variable : List.of("HTTPS_PROXY", "https_proxy", "http_proxy")) {
        Optional<String> set = set(variable, config.environment());
        if (set.isPresent() && set.flatMap(ProxyAddress::parse).isEmpty()) {
          problems.add("$" + variable + ": not of a form that can be used " + FORM);
        }
      }
    }
    return new ProxySettings(scheme + "." + KEY, own, config.environment(), Set.of(), isOff);
  }

  /**
   * Adds hosts that are always reached directly.
   *
   * @param hosts names or addresses as they are in the URI of a request, in upper or lower case
   * @return the same settings with these hosts
   */
  public ProxySettings sparing(Set<String> hosts) {
    Set<String> all = new HashSet<>(spared);
    hosts.forEach(host -> all.add(host.toLowerCase(Locale.ROOT)));
    return new ProxySettings(key, own, environment, all, isOff);
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    if (isOff || spared.contains(host) || NoProxyRules.isNear(host)) {
      return DIRECT;
    }
    if (own.isPresent()) {
      return List.of(own.get().proxy());
    }
    if (isSetInJvm(uri)) {
      ProxySelector jvm = ProxySelector.getDefault();
      return jvm == null ? DIRECT : jvm.select(uri);
    }
    return ofEnvironment(uri)
        .filter(found -> !NoProxyRules.isListed(host, port(uri), variable("no_proxy").orElse("")))
        .map(found -> List.of(found.proxy()))
        .orElse(DIRECT);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    ProxySelector jvm = ProxySelector.getDefault();
    if (own.isEmpty() && jvm != null && isSetInJvm(uri)) {
      jvm.connectFailed(uri, address, failure);
    }
  }

  /**
   * Finds the credentials for the proxy that carries a request.
   *
   * @param uri the address of the request, not of the proxy
   * @return user and password; empty if the request goes directly, or if none are set
   */
  public Optional<PasswordAuthentication> credentials(URI uri) {
    if (select(uri).stream().noneMatch(proxy -> proxy.type() == Proxy.Type.HTTP)) {
      return Optional.empty();
    }
    if (own.isPresent()) {
      return own.get().credentials();
    }
    return isSetInJvm(uri) ? ofJvm(uri) : ofEnvironment(uri).flatMap(ProxyAddress::credentials);
  }

  /**
   * Writes the header {@code Proxy-Authorization} for a request. For clients that send it to the
   * proxy only, as the JDK's does.
   *
   * @param uri the address of the request, not of the proxy
   * @return the value of the header, for Basic authentication; empty where {@link #credentials}
   *     finds none
   */
  public Optional<String> authorization(URI uri) {
    return credentials(uri)
        .map(
            found -> {
              String pair = found.getUserName() + ":" + new String(found.getPassword());
              byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
              return "Basic " + Base64.getEncoder().encodeToString(bytes);
            });
  }

  /**
   * Adds a problem if the request needs credentials that the JDK's own HTTP client will not send:
   * unless told otherwise, it keeps Basic credentials from a proxy that opens a tunnel. For stores
   * that use that client.
   *
   * @param uri the address of the backend
   * @param scheme the scheme of the store, for the message
   * @param problems gets the problem
   */
  public void requireTunnelCredentials(URI uri, String scheme, ConfigProblems problems) {
    String off = System.getProperty("jdk.http.auth.tunneling.disabledSchemes", "Basic");
    boolean isKept =
        Arrays.stream(off.split(",", -1)).anyMatch(word -> word.strip().equalsIgnoreCase("Basic"));
    if (isKept && "https".equalsIgnoreCase(uri.getScheme()) && credentials(uri).isPresent()) {
      problems.add(
          scheme
              + "."
              + KEY
              + ": the JVM does not send credentials to a proxy (expected: start it with"
              + " -Djdk.http.auth.tunneling.disabledSchemes=)");
    }
  }

  /**
   * Makes the failure of a request that a proxy answered in place of the backend. The texts name
   * the proxy and the setting that it comes from, and no credentials.
   *
   * @param uri the address of the request, not of the proxy
   * @param status the HTTP status of the proxy's answer
   * @return {@code CONFIGURATION} where the proxy wants a login or forbids the host, else {@code
   *     UNAVAILABLE}
   */
  public StoreFailure refusal(URI uri, int status) {
    String proxy = words(uri);
    if (status == HttpURLConnection.HTTP_PROXY_AUTH) {
      return StoreFailure.of(
          SecretException.Kind.CONFIGURATION,
          credentials(uri).isPresent()
              ? proxy + " does not accept the credentials that are set for it"
              : proxy + " asks for credentials, and none are set for it",
          "Correct them there, or set " + key + " to http://USER:PASSWORD@HOST:PORT");
    }
    if (status >= 500) {
      return StoreFailure.of(
          SecretException.Kind.UNAVAILABLE,
          proxy + " could not reach " + uri.getHost() + " (status " + status + ")",
          "Look at the proxy's log; a later call may succeed");
    }
    return StoreFailure.of(
        SecretException.Kind.CONFIGURATION,
        proxy
            + " does not let this client through to "
            + uri.getHost()
            + " (status "
            + status
            + ")",
        "Allow that host on the proxy, name another proxy in " + key + ", or set it to direct");
  }

  /** Names the proxy of a request, and where it is set. */
  private String words(URI uri) {
    Optional<String> address =
        select(uri).stream()
            .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
            .map(proxy -> (InetSocketAddress) proxy.address())
            .map(found -> found.getHostString() + ":" + found.getPort())
            .findFirst();
    return address
        .map(found -> "the proxy " + found + " of " + source(uri))
        .orElse("a proxy on the way to " + uri.getHost());
  }

  private String source(URI uri) {
    if (own.isPresent()) {
      return key;
    }
    if (isSetInJvm(uri)) {
      return property(uri, ".proxyHost").isEmpty()
          ? "the JVM's ProxySelector"
          : scheme(uri) + ".proxyHost";
    }
    String variable = scheme(uri) + "_proxy";
    boolean isLower = set(variable, environment).isPresent();
    return isLower ? variable : variable.toUpperCase(Locale.ROOT);
  }

  private static Optional<PasswordAuthentication> ofJvm(URI uri) {
    String user = property(uri, ".proxyUser");
    String password = property(uri, ".proxyPassword");
    return user.isEmpty()
        ? Optional.empty()
        : Optional.of(new PasswordAuthentication(user, password.toCharArray()));
  }

  /** Returns whether JVM properties name a proxy, or the application has set its own selector. */
  private static boolean isSetInJvm(URI uri) {
    ProxySelector jvm = ProxySelector.getDefault();
    return jvm != null
        && (!jvm.getClass().getName().equals("sun.net.spi.DefaultProxySelector")
            || !property(uri, ".proxyHost").isEmpty()
            || Boolean.getBoolean("java.net.useSystemProxies"));
  }

  private static String property(URI uri, String end) {
    return System.getProperty(scheme(uri) + end, "");
  }

  private Optional<ProxyAddress> ofEnvironment(URI uri) {
    Optional<String> text =
        scheme(uri).equals("https") ? variable("https_proxy") : set("http_proxy", environment);
    return text.flatMap(ProxyAddress::parse);
  }

  /** The lower-case variable first, as curl has it; one that is blank is not set, as there. */
  private Optional<String> variable(String name) {
    return set(name, environment).or(() -> set(name.toUpperCase(Locale.ROOT), environment));
  }

  private static Optional<String> set(
      String variable, Function<String, Optional<String>> environment) {
    return environment.apply(variable).filter(text -> !text.isBlank());
  }

  private static String scheme(URI uri) {
    return String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
  }

  private static int port(URI uri) {
    return uri.getPort() > 0 ? uri.getPort() : scheme(uri).equals("https") ? 443 : 80;
  }

  /** Shows where the proxy comes from, no credentials. */
  @Override
  public String toString() {
    String from = isOff ? "direct" : own.map(ProxyAddress::toString).orElse("surroundings");
    return "ProxySettings[" + from + "]";
  }

  /**
   * A proxy as it was written. Immutable; the host is looked up when it is needed.
   *
   * @param port 0 if none was written
   */
  private record ProxyAddress(String host, int port, Optional<PasswordAuthentication> credentials) {
    private static final int USUAL_PORT = 80;

    static Optional<ProxyAddress> parse(String text) {
      try {
        String full = text.contains("://") ? text.strip() : "http://" + text.strip();
        return Optional.of(URI.create(full))
            .filter(ProxyAddress::isUsable)
            .map(uri -> new ProxyAddress(uri.getHost(), Math.max(0, uri.getPort()), user(uri)));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private static boolean isUsable(URI uri) {
      return "http".equalsIgnoreCase(uri.getScheme())
          && uri.getHost() != null
          && uri.getPort() != 0
          && uri.getPort() < 65536
          && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    }

    private static Optional<PasswordAuthentication> user(URI uri) {
      String info = uri.getUserInfo();
      if (info == null || info.isEmpty()) {
        return Optional.empty();
      }
      int colon = info.indexOf(':');
      String user = colon < 0 ? info : info.substring(0, colon);
      String password = colon < 0 ? "" : info.substring(colon + 1);
      return Optional.of(new PasswordAuthentication(user, password.toCharArray()));
    }

    boolean hasPort() {
      return port > 0;
    }

    Proxy proxy() {
      int shown = hasPort() ? port : USUAL_PORT;
      return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, shown));
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
