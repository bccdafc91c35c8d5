package de.lifetimecircle.secrets.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.testservers.RecordingProxy;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The properties of a whole process: its charset and its environment. */
class AzureProcessTest {
  private static final String CANARY = "header-that-no-proxy-may-see";

  @TempDir private Path folder;

  private VaultBehindProxy vault;

  @BeforeEach
  void start() {
    vault = new VaultBehindProxy(folder);
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  private void run(AzureTestVault settings, Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    Properties properties = new Properties();
    properties.putAll(settings.settings);
    try (Writer out = Files.newBufferedWriter(folder.resolve("settings"))) {
      properties.store(out, null);
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dfile.encoding=ISO-8859-1",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            StoreProcess.class.getName(),
            folder.resolve("settings").toString(),
            folder.resolve("answer").toString());
    builder.command().addAll(1, List.of(options));
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      String log = Files.readString(folder.resolve("log"), StandardCharsets.ISO_8859_1);
      assertThat(process.exitValue()).as(log).isZero();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(folder.resolve("answer"))).isEqualTo(StoreProcess.TEXT);
  }

  /** And nothing is logged, as a program with a real logger would see it. */
  @Test
  void bytesComeBackUnderAnotherCharset() throws Exception {
    run(vault.settings(), Map.of("AZURE_LOG_LEVEL", "WARN"));
    assertThat(Files.readString(folder.resolve("log"), StandardCharsets.ISO_8859_1))
        .doesNotContain("restricted")
        .doesNotContain("WARN");
  }

  /** A token, as App Service gives it. */
  private void answer(HttpExchange exchange, List<String> asked) throws IOException {
    asked.add(
        exchange.getRequestURI().getQuery()
            + " "
            + exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER"));
    byte[] body =
        ("{\"access_token\":\""
                + vault.server.token()
                + "\",\"expires_on\":\"4102444800\",\"resource\":\"https://vault.azure.net\","
                + "\"token_type\":\"Bearer\"}")
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Runs a web app with a managed identity; returns what it asked the token service. */
  private List<String> runWebApp() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer endpoint =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/msi/token",
        exchange -> {
          answer(exchange, asked);
          exchange.close();
        });
    endpoint.start();
    try {
      String url = "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/msi/token";
      run(managedIdentity(), Map.of("IDENTITY_ENDPOINT", url, "IDENTITY_HEADER", "header-value"));
      return asked;
    } finally {
      endpoint.stop(0);
    }
  }

  @Test
  void webAppLogsInWithItsManagedIdentity() throws Exception {
    assertThat(runWebApp())
        .singleElement()
        .asString()
        .contains("resource=https://vault.azure.net", "header-value", vault.server.clientId());
  }

  /**
   * A fact about Microsoft's libraries that no setting changes: MSAL has one cache of such tokens
   * for the process, and azure-identity asks it for no newer token, even with claims. If this fails
   * after an update, correct {@link de.lifetimecircle.secrets.azure.login.Credentials} and the page
   * of the store.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", ", error=\"insufficient_claims\", claims=\"e30=\""})
  void newLoginWithAManagedIdentityReturnsTheRejectedToken(String claims) throws Exception {
    List<String> sent = new CopyOnWriteArrayList<>();
    vault.proxy.intercept(
        request -> {
          if (!Documented.isCall(request)) {
            return null;
          }
          sent.add(request.target() + " " + request.headers().get("authorization"));
          return sent.size() == 2
              ? Documented.error(401, "Unauthorized", "")
                  .with(
                      "WWW-Authenticate",
                      "Bearer authorization=\"https://login.example/t\","
                          + " resource=\"https://vault.azure.net\""
                          + claims)
              : null;
        });
    assertThat(runWebApp()).hasSize(1);
    assertThat(sent).hasSizeGreaterThan(2);
    assertThat(sent.get(2)).isEqualTo(sent.get(1));
  }

  @Test
  void machineLogsInWithItsManagedIdentity() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    vault.proxy.intercept(
        request -> {
          if (request.target().contains("/metadata/identity/oauth2/token")) {
            asked.add(request.target() + " " + request.headers().get("metadata"));
          }
          return null;
        });
    // Instead of the address that all machines of the cloud ask.
    run(
        managedIdentity(),
        Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", vault.proxy.uri().toString()));
    assertThat(asked)
        .singleElement()
        .asString()
        .contains("resource=https", "client_id=" + vault.server.clientId(), " true");
  }

  /**
   * Where a service logs in: on its own machine. A proxy that carried the request would get the
   * header that makes it a login, and often could not reach the address.
   */
  private enum Machine {
    WEB_APP,
    VIRTUAL_MACHINE,
    CLOUD_SHELL;

    Map<String, String> environment(String url) {
      return switch (this) {
        case WEB_APP -> Map.of("IDENTITY_ENDPOINT", url + "/msi/token", "IDENTITY_HEADER", CANARY);
        case VIRTUAL_MACHINE -> Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", url);
        case CLOUD_SHELL -> Map.of("MSI_ENDPOINT", url + "/msi/token");
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Machine.class)
  void proxyOfTheSettingsCarriesTheVaultAndNoLoginOnTheMachine(Machine machine) throws Exception {
    try (RecordingProxy proxy = new RecordingProxy(vault.proxy.uri().getPort())) {
      logIn(machine, proxy, far().with("proxy", proxy.url()));
    }
  }

  @ParameterizedTest
  @EnumSource(Machine.class)
  void proxyOfTheJvmCarriesTheVaultAndNoLoginOnTheMachine(Machine machine) throws Exception {
    try (RecordingProxy proxy = new RecordingProxy(vault.proxy.uri().getPort())) {
      logIn(
          machine,
          proxy,
          far(),
          "-Dhttp.proxyHost=127.0.0.1",
          "-Dhttp.proxyPort=" + proxy.port(),
          "-Dhttps.proxyHost=127.0.0.1",
          "-Dhttps.proxyPort=" + proxy.port(),
          "-Dhttp.nonProxyHosts="); // which would spare loopback, and nothing else
    }
  }

  /** With a vault that only the proxy reaches, under a name that its certificate does not have. */
  private AzureTestVault far() {
    return managedIdentity().with("vault-url", "https://vault.invalid");
  }

  private void logIn(Machine machine, RecordingProxy proxy, AzureTestVault settings, String... more)
      throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer endpoint =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/",
        exchange -> {
          answer(exchange, asked);
          exchange.close();
        });
    endpoint.start();
    try {
      String url = "http://127.0.0.1:" + endpoint.getAddress().getPort();
      List<String> options = new ArrayList<>(List.of(more));
      options.add("-Djdk.internal.httpclient.disableHostnameVerification=true");
      run(
          machine == Machine.CLOUD_SHELL ? settings.without("client-id") : settings,
          machine.environment(url),
          options.toArray(String[]::new));
    } finally {
      endpoint.stop(0);
    }
    assertThat(asked).hasSize(1);
    assertThat(proxy.requests())
        .isNotEmpty()
        .allSatisfy(request -> assertThat(request).startsWith("CONNECT vault.invalid:443 "))
        .noneMatch(request -> request.contains(CANARY));
  }

  private AzureTestVault managedIdentity() {
    return vault
        .settings()
        .without("client-secret")
        .without("tenant-id")
        .without("authority")
        .without("instance-discovery")
        .with("credential", "managed-identity");
  }
}
