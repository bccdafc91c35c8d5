package de.lifetimecircle.secrets.it.boot;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Applications on Spring Cloud AWS and Spring Cloud Vault, and how they follow a rotation: one secret
 * is replaced under load. Nothing is required of them; the table is for docs/integrations.md.
 */
final class Peers {
  private static final long PATIENCE_MILLIS = 6_000;
  private static final long QUIET_SECONDS = 10;

  private final Path folder;
  private final Path jars;
  private final int rotations;
  private final List<String> rows = new ArrayList<>();

  /**
   * Creates the comparison.
   *
   * @param folder for logs and servers
   * @param jars the folder with the applications
   */
  Peers(Path folder, Path jars, int rotations) {
    this.folder = folder;
    this.jars = jars;
    this.rotations = rotations;
  }

  /** Runs all and returns the rows of the table. */
  List<String> run() throws Exception {
    aws();
    vault();
    return rows;
  }

  private void aws() throws Exception {
    Path at = folder.resolve("peers-aws");
    try (Backend backend = Backend.start("aws", at);
        SecretWriter writer = backend.writer();
        FaultProxy counting =
            FaultProxy.to(URI.create(backend.variables().get("SECRETS_AWS_ENDPOINT"))).start()) {
      List<String> common =
          List.of(
              "--spring.config.import=aws-secretsmanager:shop",
              "--spring.cloud.aws.endpoint=" + counting.uri(),
              "--spring.cloud.aws.region.static=eu-central-1",
              "--spring.cloud.aws.credentials.access-key=example",
              "--spring.cloud.aws.credentials.secret-key=example");
      compare("Spring Cloud AWS 4.0.2", "aws", writer, common, counting::requests);
      List<String> reloading = new ArrayList<>(common);
      reloading.add("--spring.cloud.aws.secretsmanager.reload.strategy=refresh");
      reloading.add("--spring.cloud.aws.secretsmanager.reload.period=1s");
      compare(
          "Spring Cloud AWS 4.0.2, reload each second", "aws", writer, reloading, counting::requests);
    }
  }

  private void vault() throws Exception {
    Path at = folder.resolve("peers-vault");
    try (Backend backend = Backend.start("vault", at);
        SecretWriter writer = backend.writer()) {
      URI uri = URI.create(backend.variables().get("SECRETS_VAULT_ADDRESS"));
      List<String> arguments =
          List.of(
              "--spring.config.import=vault://",
              "--spring.cloud.vault.uri=" + uri,
              "--spring.cloud.vault.token=" + backend.variables().get("VAULT_TOKEN"),
              "--spring.cloud.vault.ssl.trust-store=file:" + backend.variables().get("SECRETS_VAULT_CA_FILE"),
              "--spring.cloud.vault.ssl.trust-store-type=PEM");
      compare("Spring Cloud Vault 5.0.3", "vault", writer, arguments, backend.requests());
    }
  }

  private void compare(
      String label, String jar, SecretWriter writer, List<String> arguments, LongSupplier requests)
      throws Exception {
    try (LeakProbe probe = LeakProbe.start()) {
      String secret = replace(writer, jar, probe);
      Path log = folder.resolve("peer-" + rows.size() + ".log");
      try (Service service =
              Service.launch(
                  jars.resolve(jar).resolve("target/peer.jar"),
                  log,
                  TestAuthority.create(),
                  Map.of(),
                  List.of(),
                  arguments)
              .started()) {
        require(service, secret);
        int followed = 0;
        int bound = 0;
        long slowest = 0;
        Load load = new Load(service, 4, "/values", "/actuator/health");
        try (load) {
          for (int i = 0; i < rotations; i++) {
            secret = replace(writer, jar, probe);
            long took = followed(service, secret, "environment");
            followed += took < PATIENCE_MILLIS ? 1 : 0;
            slowest = Math.max(slowest, took < PATIENCE_MILLIS ? took : 0);
            bound += service.json("/values").get("properties").equals(secret) ? 1 : 0;
          }
        }
        long before = requests.getAsLong();
        LockSupport.parkNanos(QUIET_SECONDS * 1_000_000_000L);
        long calls = requests.getAsLong() - before;
        rows.add(
            String.format(
                Locale.ROOT,
                "| %s | %d of %d | %d of %d | %s | %d of %d | %d |",
                label,
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
  private static String replace(SecretWriter writer, String jar, LeakProbe probe) {
    String secret = probe.canary("secret of a peer");
    String text = jar.equals("aws") ? "{\"value\":\"" + secret + "\"}" : secret;
    try (SecretValue value = SecretValue.of(text)) {
      writer.put("shop", value);
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
