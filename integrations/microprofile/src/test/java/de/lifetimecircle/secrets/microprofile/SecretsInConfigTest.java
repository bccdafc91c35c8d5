package de.lifetimecircle.secrets.microprofile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.PropertiesConfigSourceLoader;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SmallRye Config as it finds our parts by itself. */
final class SecretsInConfigTest {
  private final FakeStore store =
      FakeStore.create()
          .holding("prod/PW", "first")
          .holding("prod/DB", "{\"username\":\"anna\",\"password\":\"geheim\"}");
  private SmallRyeConfig config;

  @BeforeEach
  void use() {
    TestBackendFactory.store = store;
  }

  @AfterEach
  void close() {
    if (config != null) {
      ConfiguredSecrets.of(config).close();
    }
  }

  private SmallRyeConfig config(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    properties.put("secrets.backend", "memory");
    properties.put("secrets.overrides", "off");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredInterceptors()
            .addDiscoveredSources()
            .addDiscoveredSecretKeysHandlers()
            .withSources(new PropertiesConfigSource(properties, "application.properties", 250))
            .build();
    return config;
  }

  private void rotate(String name, String text) {
    store.holding(name, text);
    ConfiguredSecrets.of(config).provider().refresh(name);
  }

  @Test
  void expressionsAndPropertiesHaveTheCurrentVersion() {
    config(
        "shop.password", "${secrets::prod/PW}",
        "shop.user", "${secrets::prod/DB#username}",
        "shop.url", "x?password=${secret.prod/DB#password}");
    assertThat(config.getValue("shop.password", String.class)).isEqualTo("first");
    assertThat(config.getValue("shop.user", String.class)).isEqualTo("anna");
    assertThat(config.getValue("shop.url", String.class)).isEqualTo("x?password=geheim");
    assertThat(config.getValue("secret.prod/PW", String.class)).isEqualTo("first");
    rotate("prod/PW", "second");
    assertThat(config.getValue("shop.password", String.class)).isEqualTo("second");
    assertThat(config.getValue("secret.prod/PW", String.class)).isEqualTo("second");
  }

  @Test
  void twentyForeignLookUpsAskTheBackendNothing() {
    config("other", "x");
    for (int i = 0; i < 20; i++) {
      config.getOptionalValue("quarkus.foreign.key" + i, String.class);
      config.getOptionalValue("secretive" + i, String.class);
    }
    assertThat(config.getPropertyNames()).noneMatch(name -> name.startsWith("secret."));
    assertThat(store.calls()).isZero();
  }

  @Test
  void namesInExpressionsLoadBeforeTheyAreRead() {
    config("a", "${secrets::prod/PW}", "b", "${secret.prod/DB#password:none}");
    for (int i = 0; i < 1000 && ConfiguredSecrets.of(config).provider().stats().names() < 2; i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
    assertThat(ConfiguredSecrets.of(config).provider().stats().names()).isEqualTo(2);
  }

  @Test
  void namesOfAProfileThatIsNotInForceAreNotAskedFor() {
    store.holding("dev/PW", "of the developers");
    config =
        ConfigInProduction.with(
            List.of(
                new PropertiesConfigSource(
                    Map.of(
                        "secrets.backend", "memory",
                        "%dev,test.a", "${secrets::dev/PW}",
                        "%dev.b", "${secret.dev/PW:none}",
                        "%prod,test.a", "${secrets::prod/PW}",
                        "%prod.b", "${secrets::prod/DB}"),
                    "application.properties",
                    250)));
    for (int i = 0; i < 1000 && ConfiguredSecrets.of(config).provider().stats().names() < 2; i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
    assertThat(config.getValue("a", String.class)).isEqualTo("first");
    assertThat(store.calls(FakeStore.Op.FETCH, "prod/DB")).isEqualTo(1);
    assertThat(store.calls(FakeStore.Op.FETCH, "dev/PW")).as("denied to this process").isZero();
  }

  /** The file of a profile comes after SmallRye has made the handlers of expressions. */
  @Test
  void theFileOfAProfileSetsTheBackendOfExpressionsAndProperties(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("application.properties");
    Files.writeString(file, "secrets.backend=absent\na=${secrets::prod/PW}\n");
    Files.writeString(
        folder.resolve("application-prod.properties"),
        "secrets.backend=memory\nsecrets.overrides=off\n");
    config =
        ConfigInProduction.with(
            PropertiesConfigSourceLoader.inFileSystem(
                file.toUri().toString(), 250, getClass().getClassLoader()));
    assertThat(config.getValue("a", String.class)).isEqualTo("first");
    assertThat(config.getValue("secret.prod/PW", String.class)).isEqualTo("first");
    assertThat(store.calls(FakeStore.Op.FETCH, "prod/PW")).as("by one provider").isEqualTo(1);
  }

  @Test
  void anExpressionInASettingHoldsForExpressionsAndProperties() {
    config("secrets.backend", "${which}", "which", "memory", "a", "${secrets::prod/PW}");
    assertThat(config.getValue("a", String.class)).isEqualTo("first");
    assertThat(config.getValue("secret.prod/PW", String.class)).isEqualTo("first");
    assertThat(store.calls(FakeStore.Op.FETCH, "prod/PW")).as("by one provider").isEqualTo(1);
  }

  @Test
  void aMissingNameFailsAndADefaultApplies() {
    config(
        "a", "${secrets::prod/ABSENT}",
        "b", "${secret.prod/ABSENT}",
        "c", "${secret.prod/ABSENT:default}");
    assertThatThrownBy(() -> config.getValue("a", String.class))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("prod/ABSENT");
    assertThatThrownBy(() -> config.getValue("b", String.class))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("prod/ABSENT");
    assertThat(config.getValue("c", String.class)).isEqualTo("default");
  }

  @ParameterizedTest
  @ValueSource(strings = {"arn:aws:secretsmanager:x", "a{b"})
  void colonsAndBracesInNamesAreRefusedWithASentence(String name) {
    assertThatThrownBy(() -> ConfigReference.of(name))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("which expressions of MicroProfile Config cannot carry");
  }

  /** SmallRye itself reads a colon as the beginning of a default; it must not become the value. */
  @ParameterizedTest
  @ValueSource(strings = {"${secrets::arn:aws:x}", "${secrets::prod/PW:none}", "${secrets::a{b}"})
  void anExpressionWithAColonOrABraceNeverGivesATextOfItsOwn(String expression) {
    config("a", expression);
    assertThatThrownBy(() -> config.getValue("a", String.class))
        .isInstanceOf(SecretException.class);
  }

  @Test
  void anotherSourceMayReplaceAProperty() {
    config("secret.prod/PW", "of the test");
    assertThat(config.getValue("secret.prod/PW", String.class)).isEqualTo("of the test");
    assertThat(store.calls()).isZero();
  }

  /** What the code does on a thread with the name of an event loop. */
  private static <T> CompletableFuture<T> onEventLoop(java.util.concurrent.Callable<T> code) {
    CompletableFuture<T> result = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                result.complete(code.call());
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            },
            "vert.x-eventloop-thread-1")
        .start();
    return result;
  }

  @Test
  void anEventLoopNeverWaitsForTheBackend() {
    config();
    store.always(FakeStore.Op.FETCH, "prod/PW", FakeStep.hang());
    assertThatThrownBy(
            () -> onEventLoop(() -> config.getValue("secret.prod/PW", String.class)).join())
        .hasRootCauseInstanceOf(SecretException.class)
        .hasMessageContaining("an event loop may not wait");
    store.recover();
    store.release();
    assertThat(config.getValue("secret.prod/DB#username", String.class)).isEqualTo("anna");
    assertThat(onEventLoop(() -> config.getValue("secret.prod/DB#username", String.class)).join())
        .isEqualTo("anna");
  }

  @Test
  void anOutageAndABrokenRuleServeTheHeldVersion() {
    config("secrets.validate.\"prod/PW\".min-length", "5", "a", "${secrets::prod/PW}");
    assertThat(config.getValue("a", String.class)).isEqualTo("first");
    store.holding("prod/PW", "bad");
    assertThatThrownBy(() -> ConfiguredSecrets.of(config).provider().refresh("prod/PW"))
        .extracting(e -> ((SecretException) e).kind())
        .isEqualTo(Kind.INVALID_VALUE);
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    assertThat(config.getValue("a", String.class)).isEqualTo("first");
  }

  /** The library reads the variable itself; SmallRye's dotted form of it would be no key. */
  @Test
  void leavesVariablesOfTheEnvironmentToTheLibrary() {
    assertThat(
            ConfigSettings.of(
                Set.of(
                        "secrets.gpg.key.file",
                        "secrets.soft-age",
                        "secrets.backend",
                        "other",
                        "secrets.validate.\"prod/PW\".min-length")
                    .iterator(),
                name -> "value",
                Set.of("SECRETS_GPG_KEY_FILE", "SECRETS_BACKEND")))
        .isEqualTo(Map.of("soft-age", "value", "validate.prod/PW.min-length", "value"));
  }

  /**
   * Quarkus reads such a file in the working directory, in development mode that of the project.
   */
  @Test
  void aFileOfVariablesSetsKeysWithADashAndWins() {
    config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredInterceptors()
            .withProfile("dev")
            .addDiscoveredSources()
            .withSources(
                new EnvConfigSource(
                    Map.of(
                        "SECRETS_BACKEND", "memory",
                        "SECRETS_SOFT_AGE", "7m",
                        "_DEV_SECRETS_MAX_STALE", "9h"),
                    295),
                new PropertiesConfigSource(
                    Map.of("secrets.soft-age", "1m", "secrets.overrides", "off"),
                    "application.properties",
                    250))
            .build();
    assertThat(config.getValue("secret.prod/PW", String.class)).isEqualTo("first");
    assertThat(ConfiguredSecrets.of(config).provider().settings())
        .extracting(Setting::key, Setting::value)
        .contains(tuple("soft-age", "7m"), tuple("max-stale", "9h"), tuple("overrides", "off"));
  }

  @Test
  void aSettingThatTheLibraryDoesNotKnowFailsByName() {
    assertThatThrownBy(() -> config("secrets.softage", "1s").getValue("secret.x", String.class))
        .hasMessageContaining("soft-age");
    config = null;
  }

  @Test
  void readsNothingWhileQuarkusBuilds() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread()
        .setContextClassLoader(
            new ClassLoader(before) {
              @Override
              protected URL findResource(String name) {
                return name.equals("io/quarkus/deployment/QuarkusAugmentor.class")
                    ? before.getResource("org/junit/jupiter/api/Test.class")
                    : null;
              }
            });
    try {
      config("a", "${secrets::prod/PW}");
      assertThatThrownBy(() -> config.getValue("a", String.class))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("while Quarkus builds the application");
      assertThatThrownBy(() -> config.getValue("secret.prod/PW", String.class))
          .hasMessageContaining("while Quarkus builds the application");
      assertThat(store.calls()).isZero();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    assertThat(config.getValue("a", String.class)).isEqualTo("first");
  }

  @Test
  void readsNothingWhileANativeImageIsBuilt() {
    System.setProperty("org.graalvm.nativeimage.imagecode", "buildtime");
    try {
      config("a", "${secrets::prod/PW}");
      assertThatThrownBy(() -> config.getValue("a", String.class))
          .hasMessageContaining("while Quarkus builds the application");
      assertThat(store.calls()).isZero();
    } finally {
      System.clearProperty("org.graalvm.nativeimage.imagecode");
    }
    assertThat(config.getValue("a", String.class)).isEqualTo("first");
  }

  @Test
  void showsNoValue() {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("password");
      store.holding("prod/PW", canary);
      config("a", "${secrets::prod/PW}", "b", "${secrets::prod/PW#field}");
      assertThat(config.getValue("a", String.class)).isEqualTo(canary);
      assertThatThrownBy(() -> config.getValue("b", String.class))
          .satisfies(e -> probe.look("exception", e));
      config.getConfigSources().forEach(source -> probe.look("source", source));
      probe.look("secrets", ConfiguredSecrets.of(config));
      probe.assertClean();
    }
  }
}
