package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ProxySettingsTest {
  private static final URI FAR = URI.create("https://store.example/v1");
  private static final String SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

  private final ConfigProblems problems = new ConfigProblems();
  private final Map<String, String> environment = new HashMap<>();

  private ProxySettings settings(@Nullable String proxy) {
    StoreConfig config =
        new StoreConfig(
            proxy == null ? Map.of() : Map.of("proxy", proxy),
            name -> Optional.ofNullable(environment.get(name)),
            Duration.ofSeconds(1),
            InstantSource.system());
    return ProxySettings.of(config, "my", problems);
  }

  /** HOST:PORT of the proxy, or "direct". */
  private static String way(ProxySettings settings, String url) {
    Proxy proxy = settings.select(URI.create(url)).get(0);
    return proxy.type() == Proxy.Type.DIRECT
        ? "direct"
        : ((InetSocketAddress) proxy.address()).getHostString()
            + ":"
            + ((InetSocketAddress) proxy.address()).getPort();
  }

  private static String way(ProxySettings settings) {
    return way(settings, FAR.toString());
  }

  private static String sent(ProxySettings settings) {
    return settings
        .authorization(FAR)
        .map(text -> text.substring("Basic ".length()))
        .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8))
        .orElse("nothing");
  }

  @Test
  void withoutAnySettingRequestsGoDirectly() {
    assertThat(way(settings(null))).isEqualTo("direct");
    assertThat(sent(settings(null))).isEqualTo("nothing");
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy:3128, proxy:3128, nothing",
    "http://proxy:3128/, proxy:3128, nothing",
    "proxy:3128, proxy:3128, nothing",
    "http://app:p%40ss@proxy:3128, proxy:3128, app:p@ss",
    "app:pass@proxy:3128, proxy:3128, app:pass",
    "http://app@proxy:3128, proxy:3128, app:",
    "http://[2001:db8::1]:3128, [2001:db8::1]:3128, nothing",
    "direct, direct, nothing"
  })
  void readsTheStoresOwnSetting(String text, String way, String sent) {
    environment.put("HTTPS_PROXY", "http://other:1");
    assertThat(way(settings(text))).isEqualTo(way);
    assertThat(sent(settings(text))).isEqualTo(sent);
    assertThat(problems.list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://canary:canary@proxy",
        "https://canary:canary@proxy:443",
        "socks5://canary@proxy:1080",
        "http://canary@proxy:3128/path",
        "http://proxy:3128?canary",
        "http://proxy:99999",
        "canary canary",
        ""
      })
  void aSettingOfAnotherFormIsAMistakeThatShowsNothingOfIt(String text) {
    settings(text);
    assertThat(problems.list()).singleElement().asString().startsWith("my.proxy: not of that form");
    assertThat(problems.list().toString()).doesNotContain("canary");
  }

  @Test
  void aVariableOfAnotherFormIsAMistakeOnlyIfItDecides() {
    environment.put("HTTPS_PROXY", "socks5://canary@proxy:1080");
    settings("http://proxy:3128");
    assertThat(problems.list()).isEmpty();
    settings(null);
    assertThat(problems.list()).singleElement().asString().startsWith("$HTTPS_PROXY: ");
    assertThat(problems.list().toString()).doesNotContain("canary");
  }

  @Test
  void showsNoCredentials() {
    assertThat(settings("http://canary:canary@proxy:1")).hasToString("ProxySettings[proxy:1]");
    assertThat(settings("direct")).hasToString("ProxySettings[direct]");
    assertThat(settings(null)).hasToString("ProxySettings[surroundings]");
  }

  @Test
  void readsTheVariablesThatOtherProgramsRead() {
    environment.put("HTTPS_PROXY", "http://app:pw@upper:3128");
    assertThat(way(settings(null))).isEqualTo("upper:3128");
    assertThat(sent(settings(null))).isEqualTo("app:pw");
    environment.put("https_proxy", " ");
    assertThat(way(settings(null))).as("one that is blank is not set").isEqualTo("upper:3128");
    environment.put("https_proxy", "lower");
    assertThat(way(settings(null))).isEqualTo("lower:80");
    assertThat(way(settings(null), "http://store.example/")).isEqualTo("direct");
    environment.put("HTTP_PROXY", "http://header-of-a-client:1");
    assertThat(way(settings(null), "http://store.example/")).isEqualTo("direct");
    environment.put("http_proxy", "http://plain:1");
    assertThat(way(settings(null), "http://store.example/")).isEqualTo("plain:1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "store.example | direct",
        "STORE.example. | proxy:1",
        "example | direct",
        ".example | direct",
        "*.example | direct",
        "a,b, store.example | direct",
        "a b store.example | direct",
        "store.example:443 | direct",
        "store.example:8443 | proxy:1",
        "ore.example | proxy:1",
        "other.example | proxy:1",
        "* | direct",
        ", | proxy:1",
        ". | proxy:1"
      })
  void namesOfTheBypassListAreReachedDirectly(String list, String way) {
    environment.put("HTTPS_PROXY", "http://proxy:1");
    environment.put("NO_PROXY", list);
    assertThat(way(settings(null))).isEqualTo(way);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 10.1.2.3, direct",
    "10.1.2.3, 10.0.0.0/8, direct",
    "11.1.2.3, 10.0.0.0/8, proxy:1",
    "10.1.2.3, 10.1.2.2/31, direct",
    "10.1.2.3, 10.1.2.4/31, proxy:1",
    "10.1.2.3, 0.0.0.0/0, direct",
    "10.1.2.3, 10.0.0.0/33, proxy:1",
    "10.1.2.3, 10.0.0.0/x, proxy:1",
    "10.1.2.3, 2001:db8::/32, proxy:1",
    "[2001:db8::1], 2001:db8::1, direct",
    "[2001:db8::1], [2001:db8::1]:443, direct",
    "[2001:db8::1], [2001:db8::1]:444, proxy:1",
    "[2001:db8::1], 2001:db8::/32, direct",
    "[2001:db9::1], 2001:db8::/32, proxy:1",
    "store.example, 10.0.0.0/8, proxy:1"
  })
  void addressesAndRangesOfTheBypassListAreReachedDirectly(String host, String list, String way) {
    environment.put("HTTPS_PROXY", "http://proxy:1");
    environment.put("no_proxy", list);
    assertThat(way(settings(null), "https://" + host + "/")).isEqualTo(way);
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
  void thisMachineAndItsLinkAreReachedDirectlyWhateverIsSet(String url) {
    assertThat(way(settings("http://app:pw@proxy:1"), url)).isEqualTo("direct");
    assertThat(settings("http://app:pw@proxy:1").authorization(URI.create(url))).isEmpty();
    environment.put("http_proxy", "http://proxy:1");
    assertThat(way(settings(null), url)).isEqualTo("direct");
    withSelector(new FixedProxy(), () -> assertThat(way(settings(null), url)).isEqualTo("direct"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
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
    assertThat(way(settings("http://proxy:1"), url)).isEqualTo("proxy:1");
  }

  @Test
  void aStoreCanSpareMoreHosts() {
    ProxySettings spared = settings("http://proxy:1").sparing(Set.of("Store.Example"));
    assertThat(way(spared)).isEqualTo("direct");
    assertThat(way(spared, "https://other.example/")).isEqualTo("proxy:1");
  }

  @Test
  void propertiesOfTheJvmComeBeforeTheEnvironment() {
    environment.put("HTTPS_PROXY", "http://other:1");
    Map<String, String> set =
        Map.of(
            "https.proxyHost", "jvm-proxy",
            "https.proxyPort", "3128",
            "https.proxyUser", "app",
            "https.proxyPassword", "pw",
            "http.nonProxyHosts", "*.intern|db");
    set.forEach(System::setProperty);
    try {
      assertThat(way(settings(null))).isEqualTo("jvm-proxy:3128");
      assertThat(sent(settings(null))).isEqualTo("app:pw");
      assertThat(way(settings(null), "https://vault.intern/")).isEqualTo("direct");
      assertThat(settings(null).authorization(URI.create("https://vault.intern/"))).isEmpty();
      assertThat(way(settings("http://own:2"))).isEqualTo("own:2");
      assertThat(sent(settings("http://own:2"))).isEqualTo("nothing");
    } finally {
      set.keySet().forEach(System::clearProperty);
    }
  }

  @Test
  void aSelectorThatSomebodySetIsAsked() {
    withSelector(new FixedProxy(), () -> assertThat(way(settings(null))).isEqualTo("fixed:9"));
    withSelector(null, () -> assertThat(way(settings(null))).isEqualTo("direct"));
    withSelector(new FixedProxy(), () -> assertThat(way(settings("direct"))).isEqualTo("direct"));
  }

  private static void withSelector(@Nullable ProxySelector selector, Runnable look) {
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(selector);
    try {
      look.run();
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @Test
  void tellsWhereTheJdkWouldKeepTheCredentials() {
    String before = System.getProperty(SCHEMES);
    try {
      System.clearProperty(SCHEMES);
      settings("http://proxy:1").requireTunnelCredentials(FAR, "my", problems);
      settings("http://a:b@proxy:1")
          .requireTunnelCredentials(URI.create("http://x.example"), "my", problems);
      assertThat(problems.list()).isEmpty();
      settings("http://a:canary@proxy:1").requireTunnelCredentials(FAR, "my", problems);
      assertThat(problems.list()).singleElement().asString().contains("-D" + SCHEMES + "=");
      assertThat(problems.list().toString()).doesNotContain("canary");
      System.setProperty(SCHEMES, "");
      settings("http://a:b@proxy:1").requireTunnelCredentials(FAR, "my", problems);
      assertThat(problems.list()).hasSize(1);
    } finally {
      if (before == null) {
        System.clearProperty(SCHEMES);
      } else {
        System.setProperty(SCHEMES, before);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://a:canary@proxy:1 | | 407 | CONFIGURATION | the proxy proxy:1 of my.proxy does not"
            + " accept the credentials that are set for it",
        "http://proxy:1 | | 407 | CONFIGURATION"
            + " | the proxy proxy:1 of my.proxy asks for credentials, and none are set for it",
        " | HTTPS_PROXY=http://a:canary@proxy:1 | 407 | CONFIGURATION"
            + " | the proxy proxy:1 of HTTPS_PROXY does not accept the credentials that are set"
            + " for it",
        " | https_proxy=proxy:1 | 403 | CONFIGURATION"
            + " | the proxy proxy:1 of https_proxy does not let this client through to store.example"
            + " (status 403)",
        " | https_proxy=proxy:1 | 502 | UNAVAILABLE"
            + " | the proxy proxy:1 of https_proxy could not reach store.example (status 502)",
        "direct | | 407 | CONFIGURATION"
            + " | a proxy on the way to store.example asks for credentials, and none are set for it"
      })
  void refusalNamesTheProxyAndItsSettingWithoutItsPassword(
      @Nullable String proxy, @Nullable String variable, int status, Kind kind, String reason) {
    if (variable != null) {
      environment.put(variable.substring(0, 11), variable.substring(12));
    }
    StoreFailure failure = settings(proxy).refusal(FAR, status);
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.advice().orElse("")).doesNotContain("canary");
  }

  /** The same proxy for every request. */
  private static final class FixedProxy extends ProxySelector {
    @Override
    public List<Proxy> select(URI uri) {
      return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("fixed", 9)));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // Nothing to learn from it: there is one proxy.
    }
  }
}
