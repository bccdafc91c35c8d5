package de.lifetimecircle.secrets.azure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests go through a proxy: all, except those that end on this machine or its
 * link. There a managed identity logs in (at 169.254.169.254, or at a port of loopback), with a
 * header that works like a password and with a token in the answer, often over plain HTTP; a proxy
 * would see both, and usually cannot reach the address.
 *
 * <p>An address counts as it is written; no name is looked up, so that a name which only contains
 * such an address goes through the proxy. The endpoints that the environment names are spared
 * wherever they are: Service Fabric's has the address of a node. Safe for use by several threads.
 */
final class AzureProxyRule extends ProxySelector {
  /** The variables by which a host tells where its managed identity logs in. */
  static final List<String> ENDPOINTS =
      List.of(
          "IDENTITY_ENDPOINT",
          "IMDS_ENDPOINT",
          "MSI_ENDPOINT",
          "AZURE_POD_IDENTITY_AUTHORITY_HOST");

  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);
  private static final Pattern IP_V4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|[01]?\\d?\\d)(\\.(?!$)|$)){4}");

  private final ProxySelector others;
  private final Set<String> endpoints = new HashSet<>();

  /**
   * Makes a rule.
   *
   * @param others the proxy for everything else
   * @param environment in which the endpoints of a managed identity may be named
   */
  private AzureProxyRule(ProxySelector others, Map<String, String> environment) {
    this.others = others;
    for (String variable : ENDPOINTS) {
      String host = hostOf(environment.get(variable));
      if (host != null) {
        endpoints.add(host);
      }
    }
  }

  /** The rule that the settings ask for. */
  static ProxySelector of(Optional<URI> proxy, Map<String, String> environment) {
    ProxySelector jvm = ProxySelector.getDefault();
    if (proxy.isEmpty()) {
      return jvm == null
          ? java.net.http.HttpClient.Builder.NO_PROXY
          : new AzureProxyRule(jvm, environment);
    }
    URI set = proxy.get();
    return set.equals(AzureConfig.DIRECT)
        ? java.net.http.HttpClient.Builder.NO_PROXY
        : new AzureProxyRule(
            ProxySelector.of(new InetSocketAddress(set.getHost(), set.getPort())), environment);
  }

  @Override
  public List<Proxy> select(URI uri) {
    String host = lowerCase(uri.getHost());
    boolean near = host != null && (endpoints.contains(host) || isNear(host));
    return near ? DIRECT : others.select(uri);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    others.connectFailed(uri, address, failure);
  }

  private static @Nullable String hostOf(@Nullable String url) {
    try {
      return url == null ? null : lowerCase(URI.create(url).getHost());
    } catch (IllegalArgumentException e) {
      // The login with it will fail and say so.
      return null;
    }
  }

  private static @Nullable String lowerCase(@Nullable String host) {
    return host == null ? null : host.toLowerCase(Locale.ROOT);
  }

  /** Loopback or link-local: "localhost" and what is below it (RFC 6761), or such an address. */
  private static boolean isNear(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      return true;
    }
    InetAddress address = written(name);
    return address != null
        && (address.isLoopbackAddress()
            || address.isLinkLocalAddress()
            || address.isAnyLocalAddress());
  }

  /** The address that is written out; null for a name, which is not looked up. */
  private static @Nullable InetAddress written(String host) {
    boolean v6 = host.startsWith("[") && host.endsWith("]");
    if (!v6 && !IP_V4.matcher(host).matches()) {
      return null;
    }
    try {
      // Without the zone of an IPv6 address: a zone that this machine lacks would be an error.
      return InetAddress.getByName(host.replaceFirst("%.*]$", "]"));
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
