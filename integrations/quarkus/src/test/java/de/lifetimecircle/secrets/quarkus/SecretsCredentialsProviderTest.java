package de.lifetimecircle.secrets.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.microprofile.ConfiguredSecrets;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.annotation.Priority;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SecretsCredentialsProviderTest {
  private final FakeStore store =
      FakeStore.create()
          .holding("URL", "postgresql://anna:p%40ss+1@db:5432/shop?ssl=true")
          .holding("LINE", "postgresql://anna:p%40ss+1@db:5432/shop\n")
          .holding("JSON", "{\"username\":\"anna\",\"password\":\"geheim\",\"host\":\"db\"}")
          .holding("BARE", "geheim");
  private ConfiguredSecrets secrets;
  private SecretsCredentialsProvider credentials;

  @BeforeEach
  void open() {
    TestBackendFactory.store = store;
    secrets =
        ConfiguredSecrets.of(
            new SmallRyeConfigBuilder()
                .withSources(
                    new PropertiesConfigSource(
                        Map.of(
                            "secrets.backend", "memory",
                            "secrets.overrides", "off",
                            "secrets.retries", "0",
                            "secrets.validate.\"BARE\".min-length", "5"),
                        "application.properties",
                        250))
                .build());
    credentials = new SecretsCredentialsProvider(secrets);
  }

  @AfterEach
  void close() {
    secrets.close();
  }

  /** Quarkus calls the observers of the end in the order of their priorities, by default 2,500. */
  @Test
  void theSecretsEndAfterAllObserversOfTheApplication() throws NoSuchMethodException {
    assertThat(
            SecretsBeans.class
                .getDeclaredMethod("close", ShutdownEvent.class, ConfiguredSecrets.class)
                .getParameters()[0]
                .getAnnotation(Priority.class))
        .extracting(Priority::value)
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void readsEveryFormOfALogin() {
    assertThat(credentials.getCredentials("URL"))
        .isEqualTo(Map.of("user", "anna", "password", "p@ss+1"));
    assertThat(credentials.getCredentials("LINE"))
        .isEqualTo(Map.of("user", "anna", "password", "p@ss+1"));
    assertThat(credentials.getCredentials("JSON"))
        .isEqualTo(Map.of("user", "anna", "password", "geheim"));
    assertThat(credentials.getCredentials("BARE")).isEqualTo(Map.of("password", "geheim"));
  }

  @Test
  void answersOffTheCallersThread() {
    String caller = Thread.currentThread().getName();
    String[] asked = new String[1];
    store.next(
        FakeStore.Op.FETCH,
        "BARE",
        FakeStep.run(() -> asked[0] = Thread.currentThread().getName()));
    assertThat(credentials.getCredentialsAsync("BARE").await().indefinitely())
        .containsEntry("password", "geheim");
    assertThat(asked[0]).isNotNull().isNotEqualTo(caller);
  }

  @Test
  void anOutageServesTheHeldLoginAndAMissingOneFails() {
    credentials.getCredentials("BARE");
    secrets.provider().invalidate("BARE");
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    assertThat(credentials.getCredentials("BARE")).containsEntry("password", "geheim");
    store.recover();
    assertThatThrownBy(() -> credentials.getCredentials("ABSENT")).hasMessageContaining("ABSENT");
  }

  @Test
  void aVersionThatBreaksARuleLeavesTheHeldLogin() {
    credentials.getCredentials("BARE");
    store.holding("BARE", "bad");
    secrets.provider().invalidate("BARE");
    assertThat(credentials.getCredentials("BARE")).containsEntry("password", "geheim");
  }

  @Test
  void aUrlWithoutALoginFailsAndShowsNothing() {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("password");
      for (String url :
          new String[] {
            "postgresql://db/" + canary,
            "x://" + canary + "@db/s",
            "x://anna:%zz" + canary + "@db/s"
          }) {
        store.holding("URL", url);
        secrets.provider().refresh("URL");
        assertThatThrownBy(() -> credentials.getCredentials("URL"))
            .hasMessageContaining("no user and password")
            .satisfies(e -> probe.look("exception", e));
      }
      probe.look("bean", credentials);
      probe.assertClean();
    }
  }

  /** Without the index, Quarkus would not look for beans in the jar. */
  @Test
  void theJarHasAnIndexOfItsBeans() throws Exception {
    Path classes =
        Path.of(SecretsBeans.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String index =
        Files.readString(classes.resolve("META-INF/jandex.idx"), StandardCharsets.ISO_8859_1);
    assertThat(index)
        .contains(SecretsBeans.class.getSimpleName())
        .contains(SecretsCredentialsProvider.class.getSimpleName());
  }
}
