package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.internal.config.ConfigSources;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  private static final String CANARY = "canary-5b1d";
  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private ClassLoader before;

  @BeforeEach
  void rememberLoader() {
    before = Thread.currentThread().getContextClassLoader();
  }

  @AfterEach
  void cleanUp() {
    Thread.currentThread().setContextClassLoader(before);
    System.clearProperty("secrets.soft-age");
    System.clearProperty("secrets.config");
  }

  @Test
  void reportsEveryMistakeAtOnceWithTheNearestKey() throws IOException {
    file("bakend=gpg", "timeout=-1s", "overrides=" + "perhaps", "validate.A.min-lenght=3");
    SecretException e = fails(SecretProvider.builder());
    assertThat(e.problems())
        .anyMatch(p -> p.startsWith("bakend: unknown key") && p.contains("'backend'"))
        .anyMatch(p -> p.startsWith("timeout: -1s (expected:") && p.contains("> 0"))
        .anyMatch(p -> p.startsWith("overrides: perhaps (expected: on or off)"))
        .anyMatch(p -> p.startsWith("validate.A.min-lenght") && p.contains("'min-length'"));
    e.problems().forEach(problem -> assertThat(e).hasMessageContaining(problem));
  }

  @Test
  void theNearestSourceWins() throws IOException {
    file("soft-age=4m", "negative-age=9s", "idle=9h", "jitter=5");
    classPath("soft-age=5m\nnegative-age=8s\nidle=8h\njitter=6\nretries=7\n");
    environment.put("SECRETS_SOFT_AGE", "3m");
    environment.put("SECRETS_NEGATIVE_AGE", "7s");
    System.setProperty("secrets.soft-age", "2m");
    try (SecretProvider provider = builder().set("soft-age", "1m").store(new NoStore()).build()) {
      assertThat(setting(provider, "soft-age")).isEqualTo("1m from builder");
      assertThat(setting(provider, "negative-age"))
          .isEqualTo("7s from environment SECRETS_NEGATIVE_AGE");
      assertThat(setting(provider, "idle")).startsWith("9h from file ");
      assertThat(setting(provider, "retries"))
          .isEqualTo("7 from class path secrets.properties, line 5");
      assertThat(setting(provider, "timeout")).isEqualTo("10s from default");
    }
    try (SecretProvider provider = builder().store(new NoStore()).build()) {
      assertThat(setting(provider, "soft-age"))
          .isEqualTo("2m from system property secrets.soft-age");
    }
  }

  @Test
  void namesTheArtifactThatWritesTheAuditLog() {
    SecretProviderBuilder builder = builder().store(new NoStore()).set("audit.log", "audit.log");
    assertThat(fails(builder.set("retries", "many")).problems())
        .hasSize(2)
        .contains(
            "audit.log: nothing on the class path writes it (add"
                + " de.lifetimecircle.secrets:secrets-audit-log)");
  }

  @Test
  void namesTheArtifactOfAMissingProvider() {
    assertThat(fails(SecretProvider.builder().backend("vault")).problems())
        .contains(
            "backend: vault (no provider for it on the class path; "
                + "add de.lifetimecircle.secrets:secrets-vault-provider)");
    assertThat(fails(SecretProvider.builder().backend("valt")).problems())
        .anyMatch(p -> p.contains("did you mean 'vault'?"));
  }

  @Test
  void reportsAMistypedVariableAndLeavesForeignOnesAlone() {
    environment.put("SECRETS_BACKND", CANARY);
    environment.put("SECRETS_SERVICE_HOST", "10.0.0.1");
    List.of("FILE", "PATH", "PASS", "ROLE", "ID")
        .forEach(of -> environment.put("SECRETS_" + of, CANARY));
    environment.put("SECRETS_TEST_VAULT_ADDR", "https://localhost");
    SecretException e = fails(SecretProvider.builder().store(new NoStore()));
    assertThat(e.problems())
        .containsExactly("environment SECRETS_BACKND: unknown; did you mean 'SECRETS_BACKEND'?");
  }

  @Test
  void leavesTheSystemPropertiesOfAFrameworkAlone() {
    List<String> ofBoot =
        List.of(
            "secrets.require",
            "secrets.require[0]",
            "secrets.require-placeholders",
            "secrets.datasource.url");
    ofBoot.forEach(name -> System.setProperty(name, CANARY));
    try (SecretProvider provider = builder().store(new NoStore()).build()) {
      assertThat(provider.settings()).allMatch(setting -> setting.source().equals("default"));
    } finally {
      ofBoot.forEach(System::clearProperty);
    }
  }

  @Test
  void refusesARuleInAVariableInsteadOfIgnoringIt() {
    environment.put("SECRETS_VALIDATE_LTC_SECRET_KEY_MIN_LENGTH", "32");
    service("secrets-validate", "10.0.0.1", "tcp", 8200, "HTTPS");
    assertThat(fails(SecretProvider.builder().store(new NoStore())).problems())
        .containsExactly(
            "environment SECRETS_VALIDATE_LTC_SECRET_KEY_MIN_LENGTH: a rule cannot be a variable,"
                + " which cannot spell the name of a secret (expected: validate.NAME.RULE in a"
                + " file or as a system property)");
  }

  /** What the kubelet sets, by {@code FromServices} in its {@code envvars.go}. */
  private void service(String name, String address, String protocol, int port, String portName) {
    String prefix = name.toUpperCase(Locale.ROOT).replace('-', '_');
    String host = address.contains(":") ? "[" + address + "]" : address;
    String link = protocol + "://" + host + ":" + port;
    String ofPort = prefix + "_PORT_" + port + "_" + protocol.toUpperCase(Locale.ROOT);
    environment.put(prefix + "_SERVICE_HOST", address);
    environment.put(prefix + "_SERVICE_PORT", String.valueOf(port));
    environment.put(prefix + "_SERVICE_PORT_" + portName, String.valueOf(port));
    environment.put(prefix + "_PORT", link);
    environment.put(ofPort, link);
    environment.put(ofPort + "_PROTO", protocol);
    environment.put(ofPort + "_PORT", String.valueOf(port));
    environment.put(ofPort + "_ADDR", address);
  }

  @Test
  void startsBesideServicesOfKubernetes() throws IOException {
    providers();
    for (String name :
        List.of(
            "secrets",
            "secrets-db",
            "secrets-vault",
            "secrets-azure",
            "secrets-audit",
            "secrets-backend",
            "secrets-soft",
            "secrets-audit-log",
            "secrets-config",
            "secrets-prefix")) {
      service(name, "10.0.0.1", "tcp", 8200, "HTTPS");
    }
    service("secrets-metrics", "fd00::1", "udp", 53, "DNS");
    service("secrets-limits", "10.0.0.1", "sctp", 9, "ROLE");
    try (SecretProvider provider = builder().store(new NoStore()).build()) {
      assertThat(provider.settings()).allMatch(setting -> setting.source().equals("default"));
    }
  }

  @Test
  void reportsAMistakeThatOnlyLooksLikeAServiceOfKubernetes() throws IOException {
    providers();
    environment.put("SECRETS_VAULT_PORT", CANARY);
    environment.put("SECRETS_VAULT_ROL", "tcp://10.0.0.1:8200");
    assertThat(fails(builder().store(new NoStore())).problems())
        .containsExactlyInAnyOrder(
            "environment SECRETS_VAULT_PORT: unknown; did you mean 'SECRETS_VAULT_ROLE'?",
            "environment SECRETS_VAULT_ROL: unknown; did you mean 'SECRETS_VAULT_ROLE'?");
    environment.clear();
    environment.put("SECRETS_DB_PORT", "8200"); // a setting of that name, set by a person
    try (SecretProvider provider = builder().store(new NoStore()).build()) {
      assertThat(setting(provider, "db.port")).isEqualTo("8200 from environment SECRETS_DB_PORT");
    }
    environment.clear();
    environment.put("SECRETS_TEST_PORT", "1"); // begins as those of the contract's servers do
    try (SecretProvider provider = builder().store(new NoStore()).build()) {
      assertThat(setting(provider, "test.port")).isEqualTo("1 from environment SECRETS_TEST_PORT");
    }
  }

  @Test
  void showsNoSettingThatNobodyDocumentsAsPublic() throws IOException {
    file("vault.token=" + CANARY, "azure.client-secret=" + CANARY, "aws.region=" + CANARY);
    System.setProperty("secrets.gpg.passphrase", CANARY);
    try (SecretProvider provider =
        builder().set("vault.secret-id", CANARY).store(new NoStore()).build()) {
      assertThat(provider.settings().toString()).doesNotContain(CANARY);
      assertThat(setting(provider, "vault.token")).startsWith("redacted from file ");
      assertThat(setting(provider, "vault.secret-id")).isEqualTo("redacted from builder");
    } finally {
      System.clearProperty("secrets.gpg.passphrase");
    }
    providers();
    environment.put("SECRETS_VAULT_ROLE", "app");
    environment.remove("SECRETS_CONFIG");
    try (SecretProvider provider =
        builder()
            .set("validate.A.prefix", "x")
            .set("vault.token", CANARY)
            .store(new NoStore())
            .build()) {
      assertThat(provider.settings().toString()).doesNotContain(CANARY);
      assertThat(setting(provider, "vault.role")).startsWith("app from environment");
      assertThat(setting(provider, "validate.A.prefix")).isEqualTo("x from builder");
    }
  }

  @Test
  void reportsAFileThatIsNotThere() {
    environment.put("SECRETS_CONFIG", folder.resolve("nowhere").toString());
    assertThat(fails(SecretProvider.builder().store(new NoStore())).problems())
        .singleElement()
        .asString()
        .startsWith("environment SECRETS_CONFIG: ")
        .endsWith("(expected: a file that exists)");
  }

  @Test
  void onlyAShareIsWrittenInPercent() {
    SecretProviderBuilder builder = builder().store(new NoStore()).set("jitter", "5%");
    builder.set("retries", "2%").set("max-names", "50%").set("validate.KEY.min-length", "8%");
    assertThat(fails(builder).problems())
        .containsExactlyInAnyOrder(
            "retries: 2% (expected: a whole number from 0 to 10)",
            "max-names: 50% (expected: a whole number from 1 to 100000000)",
            "validate.KEY.min-length: 8% (expected: a whole number from 1 to 1048576)");
  }

  @Test
  void namesTheSourceThatCodeHasASettingFrom() {
    SecretProviderBuilder builder = builder().store(new NoStore());
    builder
        .set("idel", "1h", "line 3")
        .set("secrets.idle", "1h", "line 4")
        .set("jitter", "x")
        .set("config", "nowhere", "--config");
    environment.put("SECRETS_CONFIG", folder.resolve("elsewhere").toString());
    assertThat(fails(builder).problems())
        .anyMatch(problem -> problem.startsWith("idel: unknown key in line 3"))
        .contains("secrets.idle: unknown key in line 4; write 'idle', without 'secrets.'")
        .anyMatch(problem -> problem.startsWith("jitter: x"))
        .anyMatch(problem -> problem.startsWith("--config: nowhere (expected: a file that exists"))
        .noneMatch(problem -> problem.contains("elsewhere"));
    assertThat(new ConfigSources.Given(CANARY, "line 3").toString()).doesNotContain(CANARY);
  }

  @Test
  void aFileThatCodeNamesIsWeakerThanTheEnvironment() throws IOException {
    file("idle=9h", "jitter=5");
    String named = environment.remove("SECRETS_CONFIG");
    environment.put("SECRETS_IDLE", "8h");
    try (SecretProvider provider =
        builder().store(new NoStore()).set("config", named).set("retries", "2", "a form").build()) {
      assertThat(setting(provider, "idle")).isEqualTo("8h from environment SECRETS_IDLE");
      assertThat(setting(provider, "jitter")).isEqualTo("5 from file " + named + ", line 2");
      assertThat(setting(provider, "retries")).isEqualTo("2 from a form");
    }
  }

  @Test
  void refusesTwoFilesOnTheClassPath() throws IOException {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path two = Files.createDirectory(folder.resolve("two"));
    for (Path each : new Path[] {one, two}) {
      Files.writeString(each.resolve("secrets.properties"), "soft-age=1m\n");
    }
    Thread.currentThread()
        .setContextClassLoader(
            new URLClassLoader(new URL[] {one.toUri().toURL(), two.toUri().toURL()}, before));
    assertThat(fails(SecretProvider.builder().store(new NoStore())).problems())
        .singleElement()
        .asString()
        .contains("more than once");
  }

  @Test
  void maxStaleIsAtLeastTheSoftAge() {
    SecretException e =
        fails(
            SecretProvider.builder()
                .store(new NoStore())
                .set("soft-age", "2h")
                .set("max-stale", "1h"));
    assertThat(e.problems()).containsExactly("max-stale: PT1H (expected: >= soft-age, PT2H)");
  }

  @Test
  void aTimeoutOfMinutesIsAtMostMaxStale() {
    SecretException e =
        fails(builder().store(new NoStore()).set("timeout", "1h").set("max-stale", "6m"));
    assertThat(e.problems())
        .singleElement()
        .asString()
        .startsWith("timeout: 1h (expected: at most 1m or max-stale, 6m");
    builder().store(new NoStore()).set("timeout", "6m").set("max-stale", "6m").build().close();
    // Short ages are no reason for a short timeout.
    SecretProviderBuilder fresh = builder().store(new NoStore()).set("soft-age", "1s");
    fresh.set("max-stale", "2s").set("timeout", "1m").build().close();
  }

  @Test
  void readsAFileWithAByteOrderMarkInBothPlaces() throws IOException {
    file("\uFEFFsoft-age=4m", "idle=9h");
    classPath("\uFEFFidle=8h\njitter=6\n");
    try (SecretProvider provider = builder().store(new NoStore()).build()) {
      assertThat(setting(provider, "soft-age")).startsWith("4m from file ");
      assertThat(setting(provider, "idle")).startsWith("9h from file ");
      assertThat(setting(provider, "jitter")).startsWith("6 from class path");
    }
  }

  @Test
  void refusesAFileThatIsNotUtf8InBothPlaces() throws IOException {
    byte[] latin1 = "validate.A.prefix=m\u00fc\n".getBytes(StandardCharsets.ISO_8859_1);
    file("");
    Files.write(folder.resolve("secrets.properties"), latin1);
    classPath("");
    Files.write(folder.resolve("classes/secrets.properties"), latin1);
    assertThat(fails(builder().store(new NoStore())).problems())
        .hasSize(2)
        .allMatch(problem -> problem.contains("UTF-8"))
        .anyMatch(problem -> problem.startsWith("class path: secrets.properties"))
        .anyMatch(problem -> problem.startsWith("environment SECRETS_CONFIG: "));
  }

  @Test
  void refusesAKeyThatAFileHasTwice() throws IOException {
    file(
        "# idle=2h",
        "idle-age=1",
        "",
        " idle = 9h",
        "soft-age=4m",
        "idle=1h",
        "a\\:b=1",
        "a\\:b=2");
    SecretException e = fails(builder().store(new NoStore()));
    assertThat(e.problems())
        .anyMatch(problem -> problem.matches("idle: more than once in file .*, line 4 [(].*"))
        .anyMatch(problem -> problem.matches("idle-age: unknown key in file .*, line 2"))
        .anyMatch(problem -> problem.startsWith("a:b: more than once in file "))
        .noneMatch(problem -> problem.startsWith("soft-age"));
    // Two sources may have the same key: the nearer one wins.
    file("soft-age=4m");
    classPath("soft-age=5m\n");
    builder().store(new NoStore()).build().close();
  }

  @Test
  void refusesARuleThatNamesNoSecret() throws IOException {
    file("validate.min-length=3", "validate..prefix=a", "validate.a.b.min-length=3");
    assertThat(fails(builder().store(new NoStore())).problems())
        .containsExactly(
            "validate..prefix: names no secret (expected: validate.NAME.RULE)",
            "validate.min-length: names no secret (expected: validate.NAME.RULE)");
  }

  @Test
  @SuppressWarnings("NullAway") // what a variable that is not set gives
  void aValueOfNullIsAMistakeOfTheConfiguration() {
    String unset = System.getenv("NO_SUCH_VARIABLE_5b1d");
    assertThat(
            fails(builder().store(new NoStore()).set("idle", unset).set("jitter", "x")).problems())
        .anyMatch(problem -> problem.startsWith("idle: null in builder"))
        .anyMatch(problem -> problem.startsWith("jitter: x"));
  }

  private String setting(SecretProvider provider, String key) {
    return provider.settings().stream()
        .filter(s -> s.key().equals(key))
        .map(s -> s.value() + " from " + s.source())
        .findFirst()
        .orElseThrow();
  }

  private void file(String... lines) throws IOException {
    Path file = folder.resolve("secrets.properties");
    Files.write(file, List.of(lines));
    environment.put("SECRETS_CONFIG", file.toString());
  }

  private void classPath(String text) throws IOException {
    Path place = Files.createDirectory(folder.resolve("classes"));
    Files.writeString(place.resolve("secrets.properties"), text);
    Thread.currentThread()
        .setContextClassLoader(new URLClassLoader(new URL[] {place.toUri().toURL()}, before));
  }

  private void providers() throws IOException {
    Path services = Files.createDirectories(folder.resolve("providers/META-INF/services"));
    Files.write(
        services.resolve(SecretStoreFactory.class.getName()),
        List.of(
            KeysOfVault.class.getName(),
            KeysOfVault.KeysOfDatabase.class.getName(),
            KeysOfVault.KeysOfTest.class.getName()));
    URL place = folder.resolve("providers").toUri().toURL();
    Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[] {place}, before));
  }

  private SecretProviderBuilder builder() {
    return SecretProvider.builder().environment(environment);
  }

  private SecretException fails(SecretProviderBuilder builder) {
    return assertThatExceptionOfType(SecretException.class)
        .isThrownBy(() -> builder.environment(environment).build().close())
        .matches(e -> e.kind() == SecretException.Kind.CONFIGURATION)
        .withMessageNotContaining(CANARY)
        .actual();
  }

  /** The first table of the page begins with the library's own. */
  @Test
  void theReferenceHasTheSameKeysAndDefaults() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/reference/settings.md")).stream()
            .filter(line -> line.matches("\\| `[a-z.-]+` \\|.*"))
            .toList();
    List<String> expected =
        SecretProviderBuilder.keys().stream()
            .map(key -> "| `" + key.name() + "` | " + quoted(key.standard()) + "|")
            .toList();
    assertThat(rows).hasSizeGreaterThan(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(rows.get(i)).startsWith(expected.get(i));
    }
  }

  private static String quoted(String standard) {
    return standard.isEmpty() ? "" : "`" + standard + "` ";
  }
}
