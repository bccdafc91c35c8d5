package org.example.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Database;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Folders;
import de.lifetimecircle.secrets.applications.JavaProcess;
import de.lifetimecircle.secrets.applications.Load;
import de.lifetimecircle.secrets.applications.Login;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The packaged application, packaged again while secrets can be read, then started as a process with
 * Agroal and PostgreSQL, while its secrets rotate under load.
 */
@TestMethodOrder(OrderAnnotation.class)
class QuarkusTest {
  static final Path FOLDER = Folders.empty("quarkus");

  private static final long FOLLOWS_WITHIN_MILLIS = 20_000;
  private static final int LOAD = 8;
  private static final int STARTS = 30;
  private static final List<String> SCHEMES = RunningBackend.CLOUDS;
  private static final Path BUILT = Path.of("../quarkus-shop/target/quarkus-app");
  private static final Path PEER = Path.of("peers/target/quarkus-app");

  /** By its name, which a build step expects. */
  private static final Path APPLICATION = FOLDER.resolve("quarkus-app");

  @AutoClose private static final LeakProbe PROBE = LeakProbe.start();
  @AutoClose private static final Database DATABASE = Database.started();
  @AutoClose private static final RunningBackend GPG = RunningBackend.started("gpg", FOLDER.resolve("gpg"));
  private static ShopSecrets secrets;

  @BeforeAll
  static void copy() throws Exception {
    for (Path file : files(BUILT)) {
      Files.copy(file, APPLICATION.resolve(BUILT.relativize(file).toString()));
    }
    DATABASE.execute("CREATE ROLE shop_a LOGIN", "CREATE ROLE shop_b LOGIN");
    secrets = new ShopSecrets(GPG, DATABASE, PROBE);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList();
    }
  }

  /** But for the log of this program, whose driver logs what it sends. */
  @AfterAll
  static void noSecretShows() {
    assertThat(PROBE.leaks()).filteredOn(leak -> !leak.channel().startsWith("log at ")).isEmpty();
  }

  /** The steps of a build, while every secret can be read. */
  @Test
  @Order(1)
  void aBuildTakesNoSecretInto() throws Exception {
    JavaProcess build = rebuild("rebuild");
    assertThat(build.exitCode()).as(build.log()).isZero();
    assertThat(build.log()).containsAnyOf("augmentation", "Quarkus");
    for (Path file : files(APPLICATION)) {
      String name = APPLICATION.relativize(file).toString();
      if (!Files.isRegularFile(file)) {
        continue;
      }
      if (name.startsWith("lib")) { // the jars of others, as they are
        assertThat(Files.mismatch(file, BUILT.resolve(name))).as(name).isEqualTo(-1);
        continue;
      }
      PROBE.lookAtFiles(file);
      if (name.endsWith(".jar")) { // since a compressed entry shows no text
        try (FileSystem jar = FileSystems.newFileSystem(file)) {
          PROBE.lookAtFiles(jar.getPath("/"));
        }
      }
    }
    noSecretShows();
    JavaProcess refused =
        rebuild("refused", "-Dquarkus.application.name=${secrets::" + ShopSecrets.API_KEY + "}");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.log()).contains("while Quarkus builds the application");
    PROBE.look("log of the refused build", refused.log());
    Figures.add("0 secrets in the packaged application, an expression at build time fails");
  }

  private static JavaProcess rebuild(String name, String... options) {
    return Shop.program(APPLICATION, name, secrets.variables())
        .options(options)
        .options("-Dquarkus.launch.rebuild=true", "-Xmx512m")
        .launch();
  }

  @Test
  @Order(2)
  void theApplicationFollows() throws Exception {
    try (Shop shop = Shop.start(APPLICATION, "gpg", secrets.variables())) {
      Waiting.until("the first values", () -> secrets.areShownBy(shop));
      assertThat(shop.http().get("/loop")).contains("eventloop", secrets.apiKey());
      rotations("gpg", shop, secrets, Figures.FULL ? 5 : 2);
      if (Figures.FULL) {
        sameUser(shop);
      }
      PROBE.look("log", shop.log());
    }
  }

  /** A typing error in two optional properties of Quarkus and of the application, and one in a login. */
  @Test
  @Order(2)
  @Tag("placeholders")
  void anExpressionWithoutAnAnswerEndsTheStart() {
    JavaProcess wrong =
        Shop.program(APPLICATION, "wrong", secrets.variables())
            .options(
                "-Dquarkus.http.port=" + LocalServer.freePort(),
                "-Dquarkus.datasource.jdbc.min-size=0",
                "-Dquarkus.datasource.credentials-provider=shop/DATABASEE",
                "-Dshop.optional=${absent:${secret.shop/API_KEYY}}",
                "-Dshop.default=${secret.shop/ABSENT:none}",
                "-D%other.shop.of-other=${secret.shop/OF_OTHER}")
            .launch();
    try {
      assertThat(wrong.exitCode()).as(wrong.log()).isNotZero();
    } finally {
      wrong.stop();
    }
    assertThat(wrong.log())
        .contains("shop.optional: ", "quarkus.datasource.credentials-provider: ")
        .contains("Did you mean '" + ShopSecrets.API_KEY + "'?", "Did you mean 'shop/DATABASE'?")
        .doesNotContain("Listening on", "shop.default: ", "OF_OTHER");
    PROBE.look("log of the start without an answer", wrong.log());
    Figures.add("an expression without an answer: the start fails by name, before it listens");
  }

  @Test
  @Order(3)
  @Tag("full")
  void theReactiveClientFollows() throws Exception {
    Path reactive = Path.of("reactive/target/quarkus-app");
    try (Shop shop = Shop.start(reactive, "reactive", secrets.variables())) {
      Waiting.until("the first values of the reactive client", () -> secrets.areShownBy(shop));
      rotations("gpg, reactive client", shop, secrets, 5);
      PROBE.look("log with the reactive client", shop.log());
    }
  }

  /** With the usual time limit of a call, which the other tests raise. */
  @Test
  @Order(4)
  @Tag("full")
  @Tag("busy")
  void everyStartOnABusyMachineSucceeds() throws Exception {
    Map<String, String> variables = new TreeMap<>(secrets.variables());
    variables.remove("SECRETS_TIMEOUT");
    List<String> failed = new ArrayList<>();
    long slowest = 0;
    try (BusyLoops loops = BusyLoops.started(LOAD)) {
      for (int i = 1; i <= STARTS; i++) {
        long begin = System.nanoTime();
        try (Shop shop = Shop.start(APPLICATION, "busy-" + i, variables)) {
          slowest = Math.max(slowest, (System.nanoTime() - begin) / 1_000_000);
          Waiting.until("the first values of start " + i, () -> secrets.areShownBy(shop));
          assertThat(shop.log()).doesNotContain("cannot read");
        } catch (IllegalStateException | AssertionError e) {
          failed.add("start " + i + ": " + e.getMessage());
        }
      }
      assertThat(loops.running()).isEqualTo(LOAD);
    }
    Figures.add(
        "%d starts beside %d busy loops: %d failed, the slowest took %d ms"
            .formatted(STARTS, LOAD, failed.size(), slowest));
    assertThat(failed).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("SCHEMES")
  @Order(5)
  @Tag("full")
  void theApplicationFollowsOn(String scheme) throws Exception {
    try (RunningBackend backend = RunningBackend.started(scheme, FOLDER.resolve("server-" + scheme))) {
      ShopSecrets others = new ShopSecrets(backend, DATABASE, PROBE);
      try (Shop shop = Shop.start(APPLICATION, scheme, others.variables())) {
        Waiting.until("the first values on " + scheme, () -> others.areShownBy(shop));
        rotations(scheme, shop, others, 2);
        PROBE.look("log on " + scheme, shop.log());
      }
      if (scheme.equals("vault") && Files.exists(PEER)) {
        besideQuarkusVault(backend, others);
      }
    }
  }

  private static void rotations(String label, Shop shop, ShopSecrets rotating, int count) throws Exception {
    long slowest = 0;
    try (Load load = new Load(shop.http(), 4, "/user", "/values")) {
      for (int i = 1; i <= count; i++) {
        rotating.turn();
        slowest = Math.max(slowest, Waiting.until(label + ", rotation " + i, () -> rotating.areShownBy(shop)));
      }
      load.close();
      assertThat(load.failed()).as(label + ": " + load.firstFailure()).isZero();
      assertThat(load.requests()).as(label + ": requests").isGreaterThan(5L * count);
      Figures.add(
          "%s: %d rotations, 0 failed of %d requests, slowest to follow %d ms"
              .formatted(label, count, load.requests(), slowest));
    }
    assertThat(slowest).as(label + ": ms to follow").isLessThanOrEqualTo(FOLLOWS_WITHIN_MILLIS);
  }

  /** One user whose password changes: a figure for the page, no bar. */
  private static void sameUser(Shop shop) throws Exception {
    try (Load load = new Load(shop.http(), 4, "/user", "/values")) {
      for (int i = 1; i <= 5; i++) {
        secrets.rotateSameUser();
        Waiting.until("rotation " + i + " of one user", () -> secrets.areShownBy(shop));
        Waiting.pause(Duration.ofSeconds(1));
      }
      load.close();
      Figures.add(
          "one user, promoted right after the change: %d failed of %d requests in 5 rotations"
              .formatted(load.failed(), load.requests()));
    }
  }

  /**
   * The same service on quarkus-vault, beside ours on the same OpenBao: the same rotations of a single
   * user and of a property. Nothing is required of the other; the table is for the page.
   */
  private static void besideQuarkusVault(RunningBackend backend, ShopSecrets others) throws Exception {
    DATABASE.execute("CREATE ROLE peer LOGIN", "CREATE ROLE shop_c LOGIN");
    try (SecretWriter passwords = writer(backend, "password");
        SecretWriter keys = writer(backend, "peer-api-key")) {
      Login ours =
          new Login(
              DATABASE, "shop_c", backend.writer(), "shop/DATABASE", text -> ShopSecrets.json("shop_c", text), PROBE);
      Login theirs = new Login(DATABASE, "peer", passwords, "peer/database", UnaryOperator.identity(), PROBE);
      Login.Server unchanged = (user, password) -> {};
      Login ourKey =
          new Login(unchanged, "api key", backend.writer(), ShopSecrets.API_KEY, UnaryOperator.identity(), PROBE);
      Login theirKey = new Login(unchanged, "api key", keys, "peer/config", UnaryOperator.identity(), PROBE);
      for (Login each : List.of(ours, theirs, ourKey, theirKey)) {
        each.replace();
      }
      Map<String, String> variables = new TreeMap<>(others.variables());
      variables.put("QUARKUS_VAULT_URL", variables.get("SECRETS_VAULT_ADDRESS"));
      variables.put("QUARKUS_VAULT_AUTHENTICATION_CLIENT_TOKEN", variables.get("SECRETS_VAULT_TOKEN"));
      variables.put("QUARKUS_VAULT_TLS_CA_CERT", variables.get("SECRETS_VAULT_CA_FILE"));
      try (Shop shop = Shop.start(APPLICATION, "beside", variables);
          Shop other = Shop.start(PEER, "peer", variables)) {
        assertThat(shop.http().get("/user")).isEqualTo("shop_c");
        assertThat(other.http().get("/user")).isEqualTo("peer");
        int[] followed = new int[2];
        try (Load load = new Load(shop.http(), 2, "/user");
            Load otherLoad = new Load(other.http(), 2, "/user")) {
          for (int i = 0; i < 5; i++) {
            ours.replace();
            theirs.replace();
            String key = ourKey.replace();
            String otherKey = theirKey.replace();
            followed[0] += follows(shop, key);
            followed[1] += follows(other, otherKey);
            Waiting.pause(Duration.ofSeconds(1));
          }
          load.close();
          otherLoad.close();
          Figures.show("| with | failed requests, one user | new values of a property |");
          Figures.show("|---|---|---|");
          String row = "| %s | %d of %d | %d of 5 |";
          Figures.show(row.formatted("`secrets-quarkus`", load.failed(), load.requests(), followed[0]));
          Figures.show(row.formatted("quarkus-vault 4.7.0", otherLoad.failed(), otherLoad.requests(), followed[1]));
        }
      }
    }
  }

  private static SecretWriter writer(RunningBackend backend, String field) {
    Map<String, String> variables = backend.environment("SECRETS_VAULT_FIELD", field);
    return SecretProvider.builder().environment(variables).buildWriter();
  }

  private static int follows(Shop shop, String key) throws Exception {
    return Waiting.within(Duration.ofSeconds(10), () -> shop.http().get("/values").contains(key)) < 0 ? 0 : 1;
  }
}
