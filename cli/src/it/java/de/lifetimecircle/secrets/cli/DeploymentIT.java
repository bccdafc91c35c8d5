package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.wiring.CiSystem;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import de.lifetimecircle.secrets.testservers.VaultCalls;
import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The steps of a generated workflow, run as a runner does: a deployment that prints all it has
 * shows no secret, and none outlives its step.
 */
class DeploymentIT {
  private static final String SUBJECT = "repo:lifetimecircle/service:environment:prod";
  private static final String ISSUER = "https://token.actions.githubusercontent.com";

  /** Prints whatever a careless script could print, on both streams, and proves what it had. */
  private static final String CARELESS =
      """
      set -x
      echo "key: $LTC_SECRET_KEY"
      echo "url: $DATABASE_URL" >&2
      rest=${DATABASE_URL#*://*:}
      echo "password: ${rest%%@*}"
      echo "$TLS_KEY" >&2
      env
      printf '%s\\n%s\\n%s' "$LTC_SECRET_KEY" "$DATABASE_URL" "$TLS_KEY" | sha256sum >"$PROOF"
      """;

  @TempDir Path folder;
  private final Map<String, String> secrets = new LinkedHashMap<>();
  private LocalRunner runner;
  private String workflow = "";

  @BeforeEach
  void makeRunner() throws IOException {
    runner = new LocalRunner(folder);
    Files.createDirectories(runner.workspace.resolve("tools"));
    deployWith(CARELESS);
  }

  private void deployWith(String script) throws IOException {
    Files.writeString(runner.workspace.resolve("tools/deploy_prod.sh"), script);
  }

  private static String fresh() {
    return (UUID.randomUUID() + "" + UUID.randomUUID()).replace("-", "");
  }

  /** Fills the store and generates the workflow for it. */
  private void prepare(ServedBackend backend, RunnerServer server, String scheme)
      throws IOException, GeneralSecurityException {
    String inventory =
        InventoryText.example()
                .replace("https://app.lifetimecircle.example", server.address())
                .replace("[./hooks/ecs-deploy, prod, api]", "[bash, ./tools/deploy_prod.sh]")
            + "  TLS_KEY:\n    description: Of the service's certificate\n    readers: [ci]\n";
    Files.writeString(runner.workspace.resolve("secrets.yaml"), inventory);
    secrets.put("LTC_SECRET_KEY", fresh());
    secrets.put("DATABASE_URL", "postgresql://postgres:" + fresh() + "%2F%25@db:5432/ltc");
    secrets.put("TLS_KEY", fresh() + "\n 100%\n" + fresh());
    secrets.forEach((name, value) -> backend.secrets(value, "put", "prod/" + name));
    workflow =
        CiSystem.GITHUB.text(
            Inventory.parse(inventory, "secrets.yaml"),
            "",
            "secrets.yaml",
            scheme,
            new CiSystem.Archive(
                server.address() + "/secrets.tar.gz", sha256(Files.readAllBytes(distribution()))));
    runner.environment.putAll(server.environment());
    runner.environment.put("SECRETS_BACKEND", backend.backend().scheme());
    runner.environment.putAll(Backend.variables(backend.backend().place()));
    runner.environment.put("PROOF", folder.resolve("proof").toString());
  }

  private static Path distribution() {
    return Path.of(System.getProperty("distribution"));
  }

  private static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private RunnerServer server(UnaryOperator<String> tokenFor) throws IOException {
    Path place = Files.createDirectories(folder.resolve("server"));
    return new RunnerServer(place, distribution(), tokenFor);
  }

  /** Where a secret showed of all that people and later steps can see. */
  private List<String> leaks() {
    try (LeakProbe probe = LeakProbe.start()) {
      probe.watch("key", secrets.get("LTC_SECRET_KEY"));
      probe.watch("password", secrets.get("DATABASE_URL").substring(22, 22 + 64));
      secrets
          .get("TLS_KEY")
          .lines()
          .filter(line -> line.length() == 64)
          .forEach(line -> probe.watch("line", line));
      probe.look("log", runner.log.text());
      probe.look("the runner's files", runner.written.toString());
      probe.lookAtFiles(runner.workspace);
      return probe.leaks().stream()
          .map(leak -> leak.channel().replace("serialized ", ""))
          .distinct()
          .toList();
    }
  }

  private void deploys() throws IOException, InterruptedException, GeneralSecurityException {
    String failed = runner.run(workflow);
    assertThat(failed).as(runner.log.text()).isEmpty();
    byte[] had = String.join("\n", secrets.values()).getBytes(StandardCharsets.UTF_8);
    assertThat(Files.readString(folder.resolve("proof"))).startsWith(sha256(had));
    assertThat(runner.log.text())
        .contains("key: ***\n")
        .contains("url: ***\n")
        .contains("password: ***\n")
        .contains("LTC_SECRET_KEY=***\n");
    assertThat(runner.temp().resolve("identity-token")).doesNotExist();
    assertThat(leaks()).isEmpty();
  }

  @Test
  void onAws() throws Exception {
    try (ServedBackend backend = ServedBackend.start("aws", folder);
        RunnerServer server = server(audience -> "")) {
      prepare(backend, server, "aws");
      // As the action that logs in leaves them.
      Map<String, String> login = backend.backend().login();
      runner.environment.put("AWS_ACCESS_KEY_ID", login.get("aws.access-key-id"));
      runner.environment.put("AWS_SECRET_ACCESS_KEY", login.get("aws.secret-access-key"));
      deploys();
      findsWhatIsPlanted();
      failsWithTheDeployment();
      runsNoOtherArchive();
    }
  }

  /** A log without masks, and a value that a script keeps for the next step. */
  private void findsWhatIsPlanted() throws IOException, InterruptedException {
    assertThat(runner.run(workflow.replace("--mask github", ""), "Deploy")).isEmpty();
    assertThat(leaks()).containsExactly("log");
    deployWith("echo \"KEY=$LTC_SECRET_KEY\" >>\"$GITHUB_ENV\"");
    assertThat(runner.run(workflow, "Deploy")).isEmpty();
    assertThat(leaks()).containsExactly("the runner's files");
  }

  private void failsWithTheDeployment() throws IOException, InterruptedException {
    deployWith("echo \"no: $LTC_SECRET_KEY\"; exit 3");
    assertThat(runner.run(workflow, "Deploy", "Verify")).isEqualTo("Deploy");
    assertThat(runner.log.text()).isEqualTo("no: ***\n");
  }

  private void runsNoOtherArchive() throws IOException, InterruptedException {
    LocalRunner other = new LocalRunner(folder.resolve("other"));
    other.environment.putAll(runner.environment);
    String wrong = workflow.replaceFirst("SHA256: [0-9a-f]{64}", "SHA256: " + "0".repeat(64));
    assertThat(other.run(wrong)).isEqualTo("Install the command secrets");
    assertThat(other.temp().resolve("secrets")).doesNotExist();
  }

  @Test
  void onAzure() throws Exception {
    try (ServedBackend backend = ServedBackend.start("azure", folder)) {
      KeyVaultServer vault = backend.backend().server(KeyVaultServer.class);
      UnaryOperator<String> issuer =
          audience -> {
            assertThat(audience).isEqualTo("api://AzureADTokenExchange");
            return vault.federatedToken(Duration.ofMinutes(5));
          };
      try (RunnerServer server = server(issuer)) {
        prepare(backend, server, "azure");
        runner.vars.put("AZURE_TENANT_ID", vault.tenantId());
        runner.vars.put("AZURE_CLIENT_ID", vault.clientId());
        deploys();
      }
    }
  }

  @Test
  void onVault() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair keys = generator.generateKeyPair();
    try (ServedBackend backend = ServedBackend.start("vault", folder);
        RunnerServer server = server(audience -> token(keys, audience))) {
      prepare(backend, server, "vault");
      String address = backend.backend().place().get("vault.address");
      trustJobs(backend, keys, address);
      runner.vars.put("VAULT_ADDR", address);
      runner.vars.put("VAULT_ROLE", "deploy");
      deploys();
      runner.vars.put("VAULT_ROLE", "other");
      assertThat(runner.run(workflow, "Deploy")).isEqualTo("Deploy");
      assertThat(runner.log.text()).contains("Cannot").doesNotContain("key:");
      assertThat(runner.temp().resolve("identity-token")).doesNotExist();
    }
  }

  /** Lets jobs of the repository and environment in, with what the generated policy grants. */
  private void trustJobs(ServedBackend backend, KeyPair keys, String address) throws Exception {
    VaultCalls calls = backend.backend().server(OpenBaoServer.class).calls();
    String policy =
        backend.secrets(
            "",
            "policy",
            "--for",
            "ci",
            "--backend",
            "vault",
            "--inventory",
            runner.workspace.resolve("secrets.yaml").toString());
    calls.does("sys/policies/acl/ci", Map.of("policy", policy));
    calls.does("sys/auth/jwt", Map.of("type", "jwt"));
    calls.does(
        "auth/jwt/config",
        Map.of("jwt_validation_pubkeys", List.of(pem(keys)), "bound_issuer", ISSUER));
    calls.does(
        "auth/jwt/role/deploy",
        Map.of(
            "role_type",
            "jwt",
            "user_claim",
            "sub",
            "bound_subject",
            SUBJECT,
            "bound_audiences",
            List.of(address),
            "token_policies",
            List.of("ci")));
  }

  private static String pem(KeyPair keys) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static String token(KeyPair keys, String audience) {
    long now = InstantSource.system().instant().getEpochSecond();
    Map<String, Object> claims =
        Map.of("iss", ISSUER, "sub", SUBJECT, "aud", audience, "iat", now, "exp", now + 300);
    String body = encoded(Map.of("alg", "ES256", "typ", "JWT")) + "." + encoded(claims);
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(keys.getPrivate());
      signature.update(body.getBytes(StandardCharsets.UTF_8));
      return body + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(Map<String, ?> part) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Json.write(part).getBytes(StandardCharsets.UTF_8));
  }
}
