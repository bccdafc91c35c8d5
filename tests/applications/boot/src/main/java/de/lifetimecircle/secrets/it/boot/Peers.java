package de.lifetimecircle.secrets.it.boot;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Applications on Spring Cloud AWS, on Spring Cloud Vault and on the starter, and how they follow
 * the same rotation: one secret is replaced under load. Nothing is required of them; the table is
 * for docs/integrations.md.
 */
final class Peers {
  private static final long PATIENCE_MILLIS = 10_000;
  private static final long QUIET_SECONDS = 10;
  private static final String NAME = "API_KEY";

  private final Path folder;
  private final Path jars;
  private final Path ours;
  private final int rotations;
  private final List<String> rows = new ArrayList<>();

  /**
   * Creates the comparison.
   *
   * @param folder for logs and servers
   * @param jars the folder with the applications on Spring Cloud
   * @param ours the application on the starter
   */
  Peers(Path folder, Path jars, Path ours, int rotations) {
    this.folder = folder;
    this.jars = jars;
    this.ours = ours;
    this.rotations = rotations;
  }

  /** An application, and what it needs to read the secret. */
  private record Application(
      String label, Path jar, Map<String, String> variables, List<String> arguments) {}

  /** Runs all and returns the rows of the table. */
  List<String> run() throws Exception {
    aws();
    vault();
    return rows;
  }

  private void aws() throws Exception {
    Path jar = jars.resolve("aws/target/peer.jar");
    try (Backend backend = Backend.start("aws", folder.resolve("peers-aws"));
        SecretWriter writer = backend.writer()) {
      List<String> common =
          List.of(
              "--spring.config.import=aws-secretsmanager:" + NAME,
              "--spring.cloud.aws.endpoint=" + backend.variables().get("SECRETS_AWS_ENDPOINT"),
              "--spring.cloud.aws.region.static=eu-central-1",
              "--spring.cloud.aws.credentials.access-key=example",
              "--spring.cloud.aws.credentials.secret-key=example");
      compare(
          new Application("Spring Cloud AWS 4.0.2", jar, Map.of(), common), backend, writer);
      List<String> reloading = new ArrayList<>(common);
      reloading.add("--spring.cloud.aws.secretsmanager.reload.strategy=refresh");
      reloading.add("--spring.cloud.aws.secretsmanager.reload.period=1s");
      compare(
          new Application("Spring Cloud AWS 4.0.2, reload each second", jar, Map.of(), reloading),
          backend,
          writer);
      compare(
          starter("the starter on AWS", backend, "--shop.api-key=${secret.API_KEY#value}"),
          backend,
          writer);
    }
  }

  private void vault() throws Exception {
    try (Backend backend = Backend.start("vault", folder.resolve("peers-vault"));
        SecretWriter writer = backend.writer()) {
      Map<String, String> variables = backend.variables();
      List<String> arguments =
          List.of(
              "--spring.config.import=vault://secret/" + NAME,
              "--spring.cloud.vault.uri=" + variables.get("SECRETS_VAULT_ADDRESS"),
              "--spring.cloud.vault.token=" + variables.get("VAULT_TOKEN"),
              "--spring.cloud.vault.ssl.trust-store=file:" + variables.get("SECRETS_VAULT_CA_FILE"),
              "--spring.cloud.vault.ssl.trust-store-type=PEM");
      Path jar = jars.resolve("vault/target/peer.jar");
      compare(
          new Application("Spring Cloud Vault 5.0.3", jar, Map.of(), arguments), backend, writer);
      compare(
          starter("the starter on Vault", backend, "--shop.api-key=${secret.API_KEY}"),
          backend,
          writer);
    }
  }

  private Application starter(String label, Backend backend, String property) {
    return new Application(
        label,
        ours,
        backend.variables(),
        List.of("--spring.profiles.active=plain", "--secrets.soft-age=1s", property));
  }

  private void compare(Application application, Backend backend, SecretWriter writer)
      throws Exception {
    try (LeakProbe probe = LeakProbe.start()) {
      String secret = replace(writer, backend, probe);
      try (Service service =
          Service.launch(
                  application.jar(),
                  folder.resolve("peer-" + rows.size() + ".log"),
                  TestAuthority.create(),
                  application.variables(),
                  List.of(),
                  application.arguments())
              .started()) {
        require(service, secret);
        int followed = 0;
        int bound = 0;
        long slowest = 0;
        Load load = new Load(service, 4, "/values", "/actuator/health");
        try (load) {
          for (int i = 0; i < rotations; i++) {
            secret = replace(writer, backend, probe);
            long environment = followed(service, secret, "environment");
            if (environment < PATIENCE_MILLIS) {
              followed++;
              // A bean is bound a moment after the environment has changed.
              long bean = followed(service, secret, "properties");
              bound += bean < PATIENCE_MILLIS ? 1 : 0;
              slowest = Math.max(slowest, environment + bean);
            }
          }
        }
        long before = backend.requests().getAsLong();
        LockSupport.parkNanos(QUIET_SECONDS * 1_000_000_000L);
        long calls = backend.requests().getAsLong() - before;
        rows.add(
            String.format(
                Locale.ROOT,
                "| %s | %d of %d | %d of %d | %s | %d of %d | %d |",
                application.label(),
                followed,
                rotations,
                bound,
                rotations,
                followed == 0 ? "–" : slowest / 1000 + "." + slowest % 1000 / 100 + " s",
                load.serverErrors() + load.brokenConnections(),
                load.requests(),
                calls));
      }
    }
  }

  private static void require(Service service, String secret) throws Exception {
    if (!secret.equals(service.json("/values").get("environment"))) {
      throw new IllegalStateException("the peer does not read the secret: " + service.log());
    }
  }

  /** Spring Cloud AWS reads fields of JSON, Spring Cloud Vault the field of that name. */
  private static String replace(SecretWriter writer, Backend backend, LeakProbe probe) {
    String secret = probe.canary("secret of a peer");
    String text =
        backend.scheme().equals("aws") ? "{\"value\":\"" + secret + "\"}" : secret;
    try (SecretValue value = SecretValue.of(text)) {
      writer.put(NAME, value);
    }
    return secret;
  }

  private static long followed(Service service, String secret, String where) throws Exception {
    long begin = System.nanoTime();
    while (true) {
      boolean is = secret.equals(service.json("/values").get(where));
      long millis = (System.nanoTime() - begin) / 1_000_000;
      if (is || millis > PATIENCE_MILLIS) {
        return millis;
      }
      LockSupport.parkNanos(50_000_000);
    }
  }
}
