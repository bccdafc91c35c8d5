package de.lifetimecircle.secrets.testservers.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.math.BigInteger;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The token endpoint and the documents that lead there. */
final class KeyVaultLoginTest {
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private final VaultClock clock = new VaultClock();
  private KeyVaultServer server;
  private KeyVaultTestClient client;

  @BeforeEach
  void start() {
    server = KeyVaultServer.builder().clock(clock).start();
    client = new KeyVaultTestClient(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** A form that logs in, with some fields replaced; an empty one is left out. */
  private KeyVaultTestClient.Answer login(String... changes) {
    Map<String, String> form = new HashMap<>();
    form.put("grant_type", "client_credentials");
    form.put("client_id", server.clientId());
    form.put("client_secret", server.clientSecret());
    form.put("scope", "https://vault.azure.net/.default");
    for (int i = 0; i < changes.length; i += 2) {
      form.put(changes[i], changes[i + 1]);
    }
    form.values().removeIf(String::isEmpty);
    return client.login(server.tenantId(), form);
  }

  private static void isError(
      KeyVaultTestClient.Answer answer, int status, String error, int code) {
    answer.is(status);
    assertThat(answer.text("error")).isEqualTo(error);
    assertThat(answer.text("error_description"))
        .startsWith("AADSTS" + code + ": ")
        .contains("Trace ID: ", "Correlation ID: ", "Timestamp: 2026-11-24 10:00:00Z");
    assertThat(answer.at("error_codes").toString()).isEqualTo("[" + code + "]");
    assertThat(answer.text("error_uri")).endsWith("/error?code=" + code);
    assertThat(answer.json().keySet().toString())
        .contains("timestamp", "trace_id", "correlation_id");
  }

  @Test
  void secretGivesATokenForTheVault() {
    KeyVaultTestClient.Answer answer = login().is(200);
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
    assertThat(answer.number("expires_in")).isEqualTo(3599);
    client.with(answer.text("access_token")).get("/secrets").is(200);
    assertThat(server.logins()).isEqualTo(1);
  }

  @Test
  void scopesOfAUsersLoginMakeNoDifference() {
    login("scope", "openid profile offline_access https://vault.azure.net/.default").is(200);
    isError(login("scope", "openid profile"), 400, "invalid_scope", 1002012);
  }

  @Test
  void errorsAreThoseOfTheDirectory() {
    isError(login("client_secret", "wrong"), 401, "invalid_client", 7000215);
    isError(login("client_secret", ""), 401, "invalid_client", 7000218);
    isError(login("client_id", "unknown"), 400, "unauthorized_client", 700016);
    isError(login("grant_type", "password"), 400, "unsupported_grant_type", 70003);
    isError(login("scope", "https://vault.azure.net"), 400, "invalid_scope", 1002012);
    isError(login("scope", "https://nowhere.test/.default"), 400, "invalid_resource", 500011);
    isError(client.login("other", Map.of()), 400, "invalid_request", 90002);
    assertThat(server.logins()).isZero();
    assertThat(server.loginAttempts()).isEqualTo(7);
  }

  @Test
  void switchesStrikeLogins() {
    server.faults().rejectLogins();
    isError(login(), 401, "invalid_client", 7000215);
    server.faults().clear();
    server.faults().failNextLogins(1, 503);
    login().is(503);
    login().is(200);
  }

  private String assertion(TestAuthority.Identity identity, Map<String, Object> changes)
      throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(identity.certificate().getEncoded());
    String thumbprint = Base64.getEncoder().encodeToString(digest);
    long now = clock.instant().getEpochSecond();
    Map<String, Object> claims = new HashMap<>();
    claims.put("aud", server.authority() + "/" + server.tenantId() + "/oauth2/v2.0/token");
    claims.put("iss", server.clientId());
    claims.put("sub", server.clientId());
    claims.put("nbf", now);
    claims.put("exp", now + 600);
    claims.putAll(changes);
    return KeyVaultJwt.sign(Map.of("alg", "RS256", "x5t#S256", thumbprint), claims, identity.key());
  }

  private KeyVaultTestClient.Answer loginWith(String assertion) {
    return login(
        "client_secret",
        "",
        "client_assertion_type",
        ASSERTION_TYPE,
        "client_assertion",
        assertion);
  }

  @Test
  void certificateProvesTheClient() throws Exception {
    TestAuthority.Identity identity = TestAuthority.create().issue("RSA", "client");
    isError(loginWith(assertion(identity, Map.of())), 401, "invalid_client", 700027);
    server.trustCertificate(identity.certificate());
    KeyVaultTestClient.Answer answer = loginWith(assertion(identity, Map.of())).is(200);
    client.with(answer.text("access_token")).get("/secrets").is(200);
    isError(loginWith(assertion(identity, Map.of("aud", "x"))), 401, "invalid_client", 700023);
    isError(loginWith(assertion(identity, Map.of("sub", "x"))), 401, "invalid_client", 700021);
    isError(loginWith(assertion(identity, Map.of("exp", 1))), 401, "invalid_client", 700024);
    isError(loginWith("no token"), 401, "invalid_client", 50027);
    TestAuthority.Identity other = TestAuthority.create().issue("RSA", "client");
    TestAuthority.Identity mixed = new TestAuthority.Identity(other.key(), identity.certificate());
    isError(loginWith(assertion(mixed, Map.of())), 401, "invalid_client", 700027);
  }

  @Test
  void federatedTokenProvesTheClient() {
    String token = server.federatedToken(Duration.ofMinutes(10));
    KeyVaultTestClient.Answer answer = loginWith(token).is(200);
    client.with(answer.text("access_token")).get("/secrets").is(200);
    clock.pass(Duration.ofMinutes(10));
    loginWith(token).is(401);
  }

  @Test
  void federatedTokenOfAnotherIssuerSubjectOrKeyProvesNothing() {
    var keys = KeyVaultTokens.newKey();
    server.trustIssuer("https://issuer", "subject", keys.getPublic());
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", "https://issuer");
    claims.put("sub", "subject");
    claims.put("aud", KeyVaultClients.FEDERATION_AUDIENCE);
    claims.put("exp", clock.instant().getEpochSecond() + 60);
    Map<String, String> header = Map.of("alg", "RS256");
    loginWith(KeyVaultJwt.sign(header, claims, keys.getPrivate())).is(200);
    String forged = KeyVaultJwt.sign(header, claims, KeyVaultTokens.newKey().getPrivate());
    isError(loginWith(forged), 401, "invalid_client", 50013);
    claims.put("aud", "other");
    isError(
        loginWith(KeyVaultJwt.sign(header, claims, keys.getPrivate())),
        401,
        "invalid_client",
        700212);
    claims.put("sub", "other");
    isError(
        loginWith(KeyVaultJwt.sign(header, claims, keys.getPrivate())),
        401,
        "invalid_client",
        700213);
    claims.put("iss", "https://other");
    isError(
        loginWith(KeyVaultJwt.sign(header, claims, keys.getPrivate())),
        401,
        "invalid_client",
        700211);
  }

  @Test
  void managedIdentityNeedsItsHeader() {
    String query = "?api-version=2018-02-01&resource=https://vault.azure.net";
    String machine = "/metadata/identity/oauth2/token" + query;
    client.send(client.to(machine)).is(400);
    KeyVaultTestClient.Answer token =
        client.send(client.to(machine).header("Metadata", "true")).is(200);
    client.with(token.text("access_token")).get("/secrets").is(200);
    assertThat(token.number("expires_on")).isEqualTo(clock.instant().getEpochSecond() + 3599);
    client.send(client.to("/msi/token" + query)).is(401);
    client
        .send(client.to("/msi/token" + query).header("X-IDENTITY-HEADER", server.identityHeader()))
        .is(200);
    client.send(client.to(machine + "&client_id=other").header("Metadata", "true")).is(400);
    assertThat(server.logins()).isEqualTo(2);
  }

  private static BigInteger number(Object base64) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(String.valueOf(base64)));
  }

  @Test
  void publishedKeyVerifiesATokenAndNoOther() throws Exception {
    KeyVaultTestClient.Answer keys =
        client.send(client.to("/" + server.tenantId() + "/discovery/v2.0/keys")).is(200);
    Map<?, ?> key = (Map<?, ?>) ((List<?>) keys.at("keys")).get(0);
    var spec = new RSAPublicKeySpec(number(key.get("n")), number(key.get("e")));
    PublicKey published = KeyFactory.getInstance("RSA").generatePublic(spec);
    KeyVaultJwt token = KeyVaultJwt.parse(server.token()).orElseThrow();
    assertThat(token.signedBy(published)).isTrue();
    assertThat(token.signedBy(KeyVaultTokens.newKey().getPublic())).isFalse();
    server.revokeTokens();
    assertThat(KeyVaultJwt.parse(server.token()).orElseThrow().signedBy(published)).isFalse();
  }

  @Test
  void formThatCannotBeReadIsRefused() {
    client
        .send(
            client
                .to("/" + server.tenantId() + "/oauth2/v2.0/token")
                .POST(BodyPublishers.ofString("client_secret=%zz")))
        .is(400);
  }

  @Test
  void documentsLeadToTheEndpoint() {
    String tenant = "/" + server.tenantId();
    KeyVaultTestClient.Answer configuration =
        client.send(client.to(tenant + "/v2.0/.well-known/openid-configuration")).is(200);
    assertThat(configuration.text("token_endpoint"))
        .isEqualTo(server.uri() + tenant + "/oauth2/v2.0/token");
    KeyVaultTestClient.Answer instances =
        client.send(client.to("/common/discovery/instance?api-version=1.1")).is(200);
    assertThat(instances.text("tenant_discovery_endpoint"))
        .isEqualTo(server.uri() + tenant + "/v2.0/.well-known/openid-configuration");
    KeyVaultTestClient.Answer keys = client.send(client.to(configuration.text("jwks_uri"))).is(200);
    Map<?, ?> key = (Map<?, ?>) ((List<?>) keys.at("keys")).get(0);
    String kid = KeyVaultJwt.parse(server.token()).orElseThrow().header("kid");
    assertThat(key.get("kid")).isEqualTo(kid);
    client.send(client.to("/other/v2.0/.well-known/openid-configuration")).is(400);
  }
}
