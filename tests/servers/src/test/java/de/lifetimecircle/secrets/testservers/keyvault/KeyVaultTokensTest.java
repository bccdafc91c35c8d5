package de.lifetimecircle.secrets.testservers.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which tokens the vault takes, and that nothing secret shows. */
final class KeyVaultTokensTest {
  private final VaultClock clock = new VaultClock();
  private KeyVaultServer server;
  private KeyVaultTestClient client;

  @BeforeEach
  void start() {
    server = KeyVaultServer.builder().clock(clock).tokenLifetime(Duration.ofSeconds(90)).start();
    client = new KeyVaultTestClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private KeyVaultTestClient.Answer refused(String token, String message) {
    KeyVaultTestClient.Answer answer = client.with(token).get("/secrets");
    answer.isError(401, "Unauthorized", null);
    assertThat(answer.text("error", "message")).contains(message);
    assertThat(answer.header("WWW-Authenticate").orElse(""))
        .startsWith("Bearer authorization=\"" + server.uri() + "/" + server.tenantId() + "\"");
    assertThat(answer.raw().body()).doesNotContain(token);
    return answer;
  }

  /** The token with its signature, taken apart and put together again. */
  private static String withHeader(String token, String header) {
    return KeyVaultJwt.encode(header) + token.substring(token.indexOf('.'));
  }

  @Test
  void tokenEndsToTheSecond() {
    String token = server.token();
    clock.pass(Duration.ofSeconds(89));
    client.with(token).get("/secrets").is(200);
    clock.pass(Duration.ofSeconds(1));
    refused(token, "[TokenExpired] Error validating token: 'S2S12086'.");
  }

  @Test
  void tokenOfTheFutureIsRefused() {
    clock.pass(Duration.ofSeconds(60));
    String token = server.token();
    clock.pass(Duration.ofSeconds(-30));
    refused(token, "IDX10222");
  }

  @Test
  void alteredSignatureIsRefused() {
    String token = server.token();
    int dot = token.lastIndexOf('.');
    char first = token.charAt(dot + 1);
    String other = token.substring(0, dot + 1) + (first == 'A' ? 'B' : 'A');
    refused(other + token.substring(dot + 2), "IDX10511");
    refused(token.substring(0, dot + 1), "IDX10511");
  }

  @Test
  void alteredClaimsAreRefused() {
    String[] parts = server.token().split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String later = claims.replaceAll("\"exp\":\\d+", "\"exp\":9999999999");
    refused(parts[0] + "." + KeyVaultJwt.encode(later) + "." + parts[2], "IDX10511");
  }

  @Test
  void algorithmNoneIsRefused() {
    String token = server.token();
    String kid = KeyVaultJwt.parse(token).orElseThrow().header("kid");
    String none = "{\"typ\":\"JWT\",\"alg\":\"none\",\"kid\":\"" + kid + "\"}";
    refused(withHeader(token, none), "IDX10511");
    String unsigned = withHeader(token, none);
    refused(unsigned.substring(0, unsigned.lastIndexOf('.') + 1), "IDX10511");
    refused(withHeader(token, none.replace("none", "HS256")), "IDX10511");
  }

  @Test
  void unknownKeyIsRefused() {
    String token = server.token();
    refused(withHeader(token, "{\"alg\":\"RS256\",\"kid\":\"other\"}"), "AKV10046: ");
    try (KeyVaultServer other = KeyVaultServer.builder().clock(clock).start()) {
      other.revokeTokens(); // the first key is that of every server in this process
      refused(other.token(), "AKV10046: ");
    }
  }

  @Test
  void tokenForSomethingElseIsRefused() {
    Map<String, String> form = new HashMap<>();
    form.put("grant_type", "client_credentials");
    form.put("client_id", server.clientId());
    form.put("client_secret", server.clientSecret());
    form.put("scope", "https://management.azure.com/.default");
    String token = client.login(server.tenantId(), form).is(200).text("access_token");
    refused(
        token,
        "AKV10022: Invalid audience. Expected https://vault.azure.net, found:"
            + " https://management.azure.com.");
  }

  @Test
  void tokenOfAnotherTenantIsRefused() {
    KeyVaultTokens tokens = new KeyVaultTokens(clock, Duration.ofMinutes(1), "one");
    KeyVaultTokens.Caller caller =
        tokens.verify(tokens.issue("app", KeyVaultTokens.AUDIENCE, ""), "");
    assertThat(caller.appId()).isEqualTo("app");
    assertThat(caller.issuer()).isEqualTo("https://sts.windows.net/one/");
    String foreign = tokens.withTenant("two").issue("app", KeyVaultTokens.AUDIENCE, "");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> tokens.verify(foreign, ""))
        .isInstanceOfSatisfying(
            KeyVaultRefusal.class,
            refusal -> {
              assertThat(refusal.reply().status()).isEqualTo(401);
              assertThat("" + refusal.reply().body()).contains("AKV10032: Invalid issuer.");
            });
  }

  @Test
  void whatIsNoTokenIsRefused() {
    refused("abc", "Error validating token");
    refused("a.b.c", "Error validating token");
    refused("..", "Error validating token");
  }

  @Test
  void revokedTokenIsRefusedAndANewLoginHelps() {
    String token = server.token();
    server.revokeTokens();
    KeyVaultTestClient.Answer answer = refused(token, "AKV10046: ");
    assertThat(answer.header("WWW-Authenticate").orElse("")).doesNotContain("error=");
    client.with(server.token()).get("/secrets").is(200);
  }

  @Test
  void clientThatTakesClaimsGetsThem() {
    Map<String, String> form = new HashMap<>();
    form.put("grant_type", "client_credentials");
    form.put("client_id", server.clientId());
    form.put("client_secret", server.clientSecret());
    form.put("scope", "https://vault.azure.net/.default");
    form.put("claims", "{\"access_token\":{\"xms_cc\":{\"values\":[\"CP1\"]}}}");
    String token = client.login(server.tenantId(), form).is(200).text("access_token");
    String plain = server.token();
    server.revokeTokensWithClaims();
    assertThat(refused(token, "").header("WWW-Authenticate").orElse(""))
        .contains("error=\"insufficient_claims\"", "claims=\"eyJhY2Nlc3NfdG9rZW4i");
    client.with(plain).get("/secrets").is(200);
    String next = client.login(server.tenantId(), form).is(200).text("access_token");
    client.with(next).get("/secrets").is(200);
  }

  @Test
  void nothingSecretShows() {
    try (LeakProbe probe = LeakProbe.start()) {
      String value = probe.canary("value");
      probe.watch("client secret", server.clientSecret());
      String token = server.token();
      probe.watch("token", token);
      client.with(token).set("name", value).is(200);
      client.get("/secrets/name/").is(200);
      client.get("/secrets").is(200);
      client.login(server.tenantId(), Map.of("client_secret", server.clientSecret())).is(400);
      probe.look("server", server).look("faults", server.faults());
      probe.look("list", client.get("/secrets").raw().body());
      probe.look("versions", client.get("/secrets/name/versions").raw().body());
      probe.look("delete", client.call("DELETE", "/secrets/name", null).raw().body());
      probe.assertClean();
    }
  }
}
