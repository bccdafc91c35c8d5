package de.lifetimecircle.secrets.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests reach a proxy; that none with an identity does is in {@link AzureProcessTest}. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class AzureProxyRuleTest {
  private static final URI PROXY = URI.create("http://proxy.invalid:3128");

  private static List<Proxy> chosen(ProxySelector rule, String url) {
    return rule.select(URI.create(url));
  }

  private static String way(Map<String, String> environment, String url) {
    List<Proxy> proxies = chosen(AzureProxyRule.of(Optional.of(PROXY), environment), url);
    return proxies.equals(List.of(Proxy.NO_PROXY)) ? "direct" : "by proxy";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/metadata/identity/oauth2/token?x=1",
        "http://169.254.0.1/",
        "http://localhost:40342/metadata",
        "http://LOCALHOST:40342/metadata",
        "http://localhost.:8081/msi/token",
        "http://msi.localhost:8081/msi/token",
        "http://127.0.0.1:41057/MSI/token/",
        "http://127.9.8.7/",
        "http://0.0.0.0:80/",
        "http://[::1]:80/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25nonexistent0]/",
        "http://[FEBF::1]/"
      })
  void thisMachineAndItsLinkAreReachedDirectly(String url) {
    assertThat(way(Map.of(), url)).isEqualTo("direct");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://team.vault.azure.net/secrets",
        "https://login.microsoftonline.com/tenant/oauth2/v2.0/token",
        "https://localhost.evil.example/",
        "https://notlocalhost/",
        "https://169.254.169.254.nip.io/",
        "https://127.0.0.1.nip.io/",
        "https://169.253.169.254/",
        "https://126.0.0.1/",
        "https://10.0.0.4/",
        "https://1.2.3/",
        "https://[2001:db8::1]/",
        "https://[fec0::1]/",
        "https://with_underscore/"
      })
  void everythingElseGoesThroughTheProxy(String url) {
    assertThat(way(Map.of(), url)).isEqualTo("by proxy");
  }

  @Test
  void endpointOfTheEnvironmentIsReachedDirectlyWhereverItIs() {
    String fabric = "https://10.0.0.4:2377/metadata/identity/oauth2/token";
    for (String variable : AzureProxyRule.ENDPOINTS) {
      assertThat(way(Map.of(variable, fabric), fabric)).as(variable).isEqualTo("direct");
    }
    assertThat(way(Map.of("IDENTITY_HEADER", fabric), fabric)).isEqualTo("by proxy");
    assertThat(way(Map.of("IDENTITY_ENDPOINT", "not a URL"), fabric)).isEqualTo("by proxy");
  }

  @Test
  void directLeavesOutTheProxyOfTheJvm() {
    withJvmProxy(
        new FixedProxy(),
        () ->
            assertThat(
                    chosen(
                        AzureProxyRule.of(Optional.of(AzureConfig.DIRECT), Map.of()),
                        "https://team.vault.azure.net/"))
                .containsExactly(Proxy.NO_PROXY));
  }

  @Test
  void proxyOfTheJvmIsSparedTheSameRequests() {
    withJvmProxy(
        new FixedProxy(),
        () -> {
          ProxySelector rule = AzureProxyRule.of(Optional.empty(), Map.of());
          assertThat(chosen(rule, "http://169.254.169.254/metadata"))
              .containsExactly(Proxy.NO_PROXY);
          assertThat(chosen(rule, "https://team.vault.azure.net/")).isEqualTo(FixedProxy.PROXIES);
        });
  }

  @Test
  void jvmWithoutASelectorHasNoProxy() {
    withJvmProxy(
        null,
        () ->
            assertThat(
                    chosen(
                        AzureProxyRule.of(Optional.empty(), Map.of()),
                        "https://team.vault.azure.net/"))
                .containsExactly(Proxy.NO_PROXY));
  }

  private static void withJvmProxy(@Nullable ProxySelector selector, Runnable look) {
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(selector);
    try {
      look.run();
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  /** The same proxy for every request. */
  private static final class FixedProxy extends ProxySelector {
    static final List<Proxy> PROXIES =
        List.of(
            new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy.invalid", 3128)));

    @Override
    public List<Proxy> select(URI uri) {
      return PROXIES;
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // Nothing to learn from it: there is one proxy.
    }
  }
}
