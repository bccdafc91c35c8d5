package org.example.boot;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Load;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Applications on Spring Cloud AWS, on Spring Cloud Vault and on the starter, and how they follow the
 * same rotation: one secret is replaced under load. Nothing is required of them but that they read
 * the secret; the table is for docs/integration-figures.md.
 */
@Tag("full")
@Tag("peers")
class PeersTest {
  private static final int ROTATIONS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String NAME = "API_KEY";
  private static final List<String> ROWS = new ArrayList<>();

  @AfterAll
  static void table() {
    Figures.show(
        "| with | environment follows | bound beans follow | slowest | 5xx and broken requests | calls in 10 s |");
    Figures.show("|---|---|---|---|---|---|");
    ROWS.forEach(Figures::show);
    Figures.add(ROWS.size() + " applications beside each other at the same rotations");
  }

  @Test
  void aws() throws Exception {
    Path jar = Path.of("peers/aws/target/peer.jar").toAbsolutePath();
    try (RunningBackend backend = RunningBackend.started("aws", Service.FOLDER.resolve("peers-aws"))) {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "--spring.config.import=aws-secretsmanager:" + NAME,
                  "--spring.cloud.aws.endpoint=" + backend.environment().get("SECRETS_AWS_ENDPOINT"),
                  "--spring.cloud.aws.region.static=eu-central-1",
                  "--spring.cloud.aws.credentials.access-key=example",
                  "--spring.cloud.aws.credentials.secret-key=example"));
      compare("Spring Cloud AWS 4.0.2", backend, jar, Map.of(), arguments);
      arguments.add("--spring.cloud.aws.secretsmanager.reload.strategy=refresh");
      arguments.add("--spring.cloud.aws.secretsmanager.reload.period=1s");
      compare("Spring Cloud AWS 4.0.2, reload each second", backend, jar, Map.of(), arguments);
      starter("the starter on AWS", backend, "--shop.api-key=${secret.API_KEY#value}");
    }
  }

  @Test
  void vault() throws Exception {
    Path jar = Path.of("peers/vault/target/peer.jar").toAbsolutePath();
    try (RunningBackend backend = RunningBackend.started("vault", Service.FOLDER.resolve("peers-vault"))) {
      Map<String, String> variables = backend.environment();
      List<String> arguments =
          List.of(
              "--spring.config.import=vault://secret/" + NAME,
              "--spring.cloud.vault.uri=" + variables.get("SECRETS_VAULT_ADDRESS"),
              "--spring.cloud.vault.token=" + variables.get("SECRETS_VAULT_TOKEN"),
              "--spring.cloud.vault.ssl.trust-store=file:" + variables.get("SECRETS_VAULT_CA_FILE"),
              "--spring.cloud.vault.ssl.trust-store-type=PEM");
      compare("Spring Cloud Vault 5.0.3", backend, jar, Map.of(), arguments);
      starter("the starter on Vault", backend, "--shop.api-key=${secret.API_KEY}");
    }
  }

  private static void starter(String label, RunningBackend backend, String property) throws Exception {
    List<String> arguments = List.of("--spring.profiles.active=plain", "--secrets.soft-age=1s", property);
    compare(label, backend, Service.SHOPS.get("4"), backend.environment(), arguments);
  }

  private static void compare(
      String label, RunningBackend backend, Path jar, Map<String, String> variables, List<String> arguments)
      throws Exception {
    String log = "peer-" + label.replaceAll("[^A-Za-z0-9.]", "-");
    try (LeakProbe probe = LeakProbe.start()) {
      String first = replace(backend, probe);
      try (Service service =
          Service.launch(Service.process(log, variables).jar(jar, arguments.toArray()), TestAuthority.create())
              .listening()) {
        assertThat(service.http().json("/values").get("environment")).as(service.process.log()).isEqualTo(first);
        int followed = 0;
        int bound = 0;
        long slowest = 0;
        Load load = new Load(service.http(), 4, "/values", "/actuator/health");
        try (load) {
          for (int i = 0; i < ROTATIONS; i++) {
            String secret = replace(backend, probe);
            long environment = followed(service, secret, "environment");
            if (environment >= 0) {
              followed++;
              // A bean is bound a moment after the environment has changed.
              long bean = followed(service, secret, "properties");
              bound += bean >= 0 ? 1 : 0;
              slowest = Math.max(slowest, environment + Math.max(bean, 0));
            }
          }
        }
        long before = backend.requests();
        Waiting.pause(Duration.ofSeconds(10));
        ROWS.add(
            String.format(
                Locale.ROOT,
                "| %s | %d of %d | %d of %d | %s | %d of %d | %d |",
                label, followed, ROTATIONS, bound, ROTATIONS, followed == 0 ? "–" : slowest / 1000.0 + " s",
                load.failed(), load.requests(), backend.requests() - before));
      }
    }
  }

  /** Spring Cloud AWS reads fields of JSON, Spring Cloud Vault the field of that name. */
  private static String replace(RunningBackend backend, LeakProbe probe) {
    String secret = probe.canary("secret of a peer");
    backend.put(NAME, backend.scheme().equals("aws") ? "{\"value\":\"" + secret + "\"}" : secret);
    return secret;
  }

  private static long followed(Service service, String secret, String where) throws Exception {
    return Waiting.within(PATIENCE, () -> secret.equals(service.http().json("/values").get(where)));
  }
}
