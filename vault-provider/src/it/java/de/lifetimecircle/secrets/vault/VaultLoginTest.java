package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every login on a real server, with a policy of its own: right, and wrong. */
final class VaultLoginTest {
  private static VaultTestServer vault;
  private static String mount;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    vault = VaultTestServer.own();
    mount = vault.newMount(2);
    vault.policy("reader", "");
    vault.does(mount + "/data/a", Map.of("data", Map.of("value", "held")));
  }

  @AfterAll
  static void stop() {
    vault.close();
  }

  private static VaultStore open(String... login) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < login.length; i += 2) {
      settings.put(login[i], login[i + 1]);
    }
    return VaultTestServer.open(vault.settings(mount, 2, settings));
  }

  private static void reads(String... login) {
    try (VaultStore store = open(login)) {
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      assertThat(store.check()).containsEntry("policies", "default, reader");
    }
  }

  private static SecretException refused(String... login) {
    try (VaultStore store = open(login)) {
      SecretException failure = catchThrowableOfType(SecretException.class, () -> store.fetch("a"));
      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      return failure;
    }
  }

  private static String newToken() {
    Map<?, ?> auth =
        Json.object(
            vault.does("auth/token/create", Map.of("policies", List.of("reader"))).document(),
            "auth");
    return String.valueOf(auth.get("client_token"));
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  @Test
  void token() {
    reads("token", newToken());
    refused("token", "hvs.wrong");
    assertThat(refused("token", "no token").getMessage()).contains("vault.token");
  }

  @Test
  void tokenFileIsReadAgainWhenItChanges() throws IOException {
    String first = newToken();
    String file = file("token", first + "\n");
    try (VaultStore store = open("token-file", file)) {
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      vault.does("auth/token/revoke", Map.of("token", first));
      String unread = newToken();
      assertThat(catchThrowableOfType(SecretException.class, () -> store.fetch("a")).kind())
          .isEqualTo(Kind.UNAUTHENTICATED);
      Files.writeString(Path.of(file), unread + "\n\n");
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
    }
    refused("token-file", folder.resolve("none").toString());
    refused("token-file", file("empty", "\n"));
  }

  @Test
  void appRole() throws IOException {
    String role = vault.newRole("reader", "the-secret-id", Map.of());
    reads("auth", "approle", "role-id", role, "secret-id", "the-secret-id");
    String file = file("secret-id", "the-secret-id\n");
    reads("auth", "approle", "role-id", role, "secret-id-file", file);
    refused("auth", "approle", "role-id", role, "secret-id", "wrong");
    refused("auth", "approle", "role-id", "wrong", "secret-id", "the-secret-id");
    refused("auth", "approle", "role-id", role, "secret-id-file", folder + "/none");
  }

  /** What an agent does with each credential's file, twice in one process. */
  @Test
  void credentialFileIsReadAgainAtEachLogin() throws IOException {
    String role = vault.newRole("reader", "first-id", Map.of());
    Path secretId = Path.of(file("id", "first-id\n"));
    try (VaultStore store =
        open("auth", "approle", "role-id", role, "secret-id-file", secretId.toString())) {
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      for (String next : List.of("second-id", "third-id")) {
        vault.does("auth/approle/role/reader/custom-secret-id", Map.of("secret_id", next));
        Files.writeString(secretId, next);
        vault.revokeLogins("approle");
        assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      }
    }
    vault.does("sys/auth/staff", Map.of("type", "userpass"));
    Path password = Path.of(file("password", "first"));
    vault.does(
        "auth/staff/users/somebody", Map.of("password", "first", "token_policies", "reader"));
    try (VaultStore store =
        open(
            "auth",
            "userpass",
            "auth-mount",
            "staff",
            "username",
            "somebody",
            "password-file",
            password.toString())) {
      assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      for (String next : List.of("second", "third")) {
        vault.does("auth/staff/users/somebody/password", Map.of("password", next));
        vault.revokeLogins("staff");
        refusedNow(store);
        Files.writeString(password, next + "\n");
        assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
      }
    }
  }

  private static void refusedNow(VaultStore store) {
    assertThat(catchThrowableOfType(SecretException.class, () -> store.fetch("a")).kind())
        .isEqualTo(Kind.UNAUTHENTICATED);
  }

  @Test
  void userpass() throws IOException {
    vault.does("sys/auth/people", Map.of("type", "userpass"));
    vault.does(
        "auth/people/users/somebody", Map.of("password", "pä ss ", "token_policies", "reader"));
    reads("auth", "userpass", "auth-mount", "people", "username", "somebody", "password", "pä ss ");
    String file = file("password", "pä ss \n");
    reads(
        "auth", "userpass", "auth-mount", "people", "username", "somebody", "password-file", file);
    refused("auth", "userpass", "auth-mount", "people", "username", "somebody", "password", "no");
    try (VaultStore store =
        open("auth", "userpass", "auth-mount", "nowhere", "username", "u", "password", "p")) {
      assertThat(catchThrowableOfType(SecretException.class, () -> store.fetch("a")).kind())
          .isIn(Kind.CONFIGURATION, Kind.UNAUTHENTICATED);
    }
  }

  private static Map<String, Object> claims(String audience, int seconds) {
    long now = InstantSource.system().instant().getEpochSecond();
    return Map.of("sub", "app", "aud", audience, "iat", now, "exp", now + seconds);
  }

  @Test
  void jwt() throws IOException {
    TestJwt issuer = new TestJwt();
    vault.does("sys/auth/jwt", Map.of("type", "jwt"));
    vault.does("auth/jwt/config", Map.of("jwt_validation_pubkeys", List.of(issuer.publicPem())));
    vault.does(
        "auth/jwt/role/app",
        Map.of(
            "role_type", "jwt",
            "user_claim", "sub",
            "bound_audiences", List.of("vault"),
            "token_policies", "reader"));
    String good = file("good", issuer.sign(claims("vault", 300)) + "\n");
    reads("auth", "jwt", "role", "app", "jwt-file", good);
    String other = file("other", issuer.sign(claims("somebody-else", 300)));
    refused("auth", "jwt", "role", "app", "jwt-file", other);
    try (VaultStore store = open("auth", "jwt", "role", "app", "jwt-file", good)) {
      for (int round = 0; round < 3; round++) {
        assertThat(VaultTestServer.text(store, "a")).isEqualTo("held");
        Files.writeString(Path.of(good), "spent");
        vault.revokeLogins("jwt");
        refusedNow(store);
        Files.writeString(Path.of(good), issuer.sign(claims("vault", 300)));
      }
    }
    String old = file("old", issuer.sign(claims("vault", -3000)));
    refused("auth", "jwt", "role", "app", "jwt-file", old);
    String forged = file("forged", new TestJwt().sign(claims("vault", 300)));
    refused("auth", "jwt", "role", "app", "jwt-file", forged);
  }

  @Test
  void kubernetes() throws IOException {
    long now = InstantSource.system().instant().getEpochSecond() - 5;
    String pod =
        new TestJwt()
            .sign(
                Map.of(
                    "iss", "kubernetes/serviceaccount",
                    "sub", "system:serviceaccount:shop:app",
                    "kubernetes.io/serviceaccount/namespace", "shop",
                    "kubernetes.io/serviceaccount/service-account.name", "app",
                    "kubernetes.io/serviceaccount/service-account.uid", "1",
                    "iat", now,
                    "nbf", now,
                    "exp", now + 300));
    HttpServer api = tokenReviews(pod);
    try {
      vault.does("sys/auth/kubernetes", Map.of("type", "kubernetes"));
      vault.does(
          "auth/kubernetes/config",
          Map.of(
              "kubernetes_host", "http://127.0.0.1:" + api.getAddress().getPort(),
              "kubernetes_ca_cert", Files.readString(vault.caFile()),
              "token_reviewer_jwt", new TestJwt().sign(Map.of("sub", "reviewer"))));
      vault.does(
          "auth/kubernetes/role/app",
          Map.of(
              "bound_service_account_names", "app",
              "bound_service_account_namespaces", "shop",
              "token_policies", "reader"));
      reads("auth", "kubernetes", "role", "app", "jwt-file", file("pod", pod));
      String stranger = file("stranger", new TestJwt().sign(Map.of("sub", "nobody")));
      refused("auth", "kubernetes", "role", "app", "jwt-file", stranger);
    } finally {
      api.stop(0);
    }
  }

  /** The API of Kubernetes that says whose token it is. */
  private static HttpServer tokenReviews(String pod) throws IOException {
    HttpServer api =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.createContext(
        "/apis/authentication.k8s.io/v1/tokenreviews",
        exchange -> {
          String asked =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          boolean known = asked.contains(pod);
          Map<String, Object> user =
              Map.of("username", "system:serviceaccount:shop:app", "uid", "1");
          Map<String, Object> status =
              known ? Map.of("authenticated", true, "user", user) : Map.of("authenticated", false);
          byte[] answer = Json.write(Map.of("status", status)).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(201, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    api.start();
    return api;
  }

  @Test
  void certificate() {
    TestAuthority authority = TestAuthority.create();
    TestAuthority stranger = TestAuthority.create();
    vault.does("sys/auth/cert", Map.of("type", "cert"));
    vault.does(
        "auth/cert/certs/app",
        Map.of("certificate", authority.rootPem(), "token_policies", "reader"));
    for (String algorithm : List.of("EC", "RSA")) {
      authority.issue(algorithm, "app").writePem(folder, algorithm);
      stranger.issue(algorithm, "app").writePem(folder, "other-" + algorithm);
      reads(certificate(algorithm));
      refused(certificate("other-" + algorithm));
    }
  }

  private String[] certificate(String name) {
    return new String[] {
      "auth",
      "cert",
      "role",
      "app",
      "client-cert-file",
      folder.resolve(name + ".pem").toString(),
      "client-key-file",
      folder.resolve(name + "-key.pem").toString()
    };
  }

  @Test
  void unusableFilesOfTlsAreNamed() throws IOException {
    String bad = file("bad.pem", "nothing");
    try (VaultStore store =
        open("token", "t", "client-cert-file", vault.caFile().toString(), "client-key-file", bad)) {
      SecretException failure = catchThrowableOfType(SecretException.class, () -> store.fetch("a"));
      assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(failure.getMessage()).contains("bad.pem").contains("PKCS #8");
    }
  }
}
