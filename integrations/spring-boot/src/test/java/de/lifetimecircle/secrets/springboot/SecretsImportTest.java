package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static de.lifetimecircle.secrets.springboot.Applications.OPTIONAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

final class SecretsImportTest {
  private final FakeStore store =
      FakeStore.create()
          .holding("DB_ADMIN_PW", "first")
          .holding("DATABASE", "{\"password\":\"of json\",\"port\":5432}");

  private static SecretException failure(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SecretException found) {
        return found;
      }
    }
    throw new AssertionError("no SecretException", thrown);
  }

  @Test
  void aPlaceholderIsTheSecretAndFollowsIt() {
    try (ConfigurableApplicationContext app =
        Applications.start(store, IMPORT, "app.password=${secret.DB_ADMIN_PW}")) {
      ConfigurableEnvironment environment = app.getEnvironment();
      assertThat(environment.getProperty("app.password")).isEqualTo("first");

      store.holding("DB_ADMIN_PW", "second");
      app.getBean(SecretProvider.class).refresh("DB_ADMIN_PW");

      assertThat(environment.getProperty("app.password")).isEqualTo("second");
      assertThat(environment.getProperty("secret.DATABASE#password")).isEqualTo("of json");
      assertThat(environment.getProperty("secret.DATABASE#port", Integer.class)).isEqualTo(5432);
      assertThat(environment.containsProperty("secret.DB_ADMIN_PW")).isTrue();
    }
  }

  @Test
  void onlyTheSecretsThatPropertiesNameAreAskedFor() {
    try (ConfigurableApplicationContext app =
        Applications.start(
            store, IMPORT, "a=${secret.DB_ADMIN_PW:none}", "b=${secret.DB_ADMIN_PW}")) {
      ConfigurableEnvironment environment = app.getEnvironment();
      assertThat(environment.getProperty("a")).isEqualTo("first");
      assertThat(environment.getProperty("b")).isEqualTo("first");
      assertThat(environment.getProperty("foreign.name")).isNull();
      assertThat(environment.getProperty("secrets.backend")).isNull();
      assertThat(environment.getProperty("secret.")).isNull();

      assertThat(store.calls(FakeStore.Op.FETCH)).isEqualTo(1);
      assertThat(
              SecretsPropertySource.in(environment).map(EnumerablePropertySource::getPropertyNames))
          .hasValueSatisfying(names -> assertThat(names).isEmpty());
    }
  }

  @Test
  void aStartWithoutAReadAsksNobody() {
    try (ConfigurableApplicationContext app = Applications.start(store, IMPORT)) {
      assertThat(app.isActive()).isTrue();
      assertThat(store.calls()).isZero();
    }
  }

  @Test
  void aMissingSecretHasItsDefault() {
    try (ConfigurableApplicationContext app =
        Applications.start(store, IMPORT, "a=${secret.MISSING:instead}")) {
      assertThat(app.getEnvironment().getProperty("a")).isEqualTo("instead");
      assertThat(app.getEnvironment().containsProperty("secret.MISSING")).isFalse();
    }
  }

  @Test
  void anOutageFailsAReadUnlessTheImportIsOptional() {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    try (ConfigurableApplicationContext app =
        Applications.start(store, IMPORT, "a=${secret.DB_ADMIN_PW:instead}", "secrets.retries=0")) {
      assertThatThrownBy(() -> app.getEnvironment().getProperty("a"))
          .satisfies(thrown -> assertThat(failure(thrown).kind()).isEqualTo(Kind.UNAVAILABLE));
    }
  }

  @Test
  void anOptionalImportStartsInAnOutageAndReadsLater() {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    try (ConfigurableApplicationContext app =
        Applications.start(
            store,
            OPTIONAL,
            "a=${secret.DB_ADMIN_PW:instead}",
            "secrets.retries=0",
            "secrets.negative-age=1ms")) {
      assertThat(app.getEnvironment().getProperty("a")).isEqualTo("instead");

      store.recover();
      Applications.await(() -> "first".equals(app.getEnvironment().getProperty("a")));
    }
  }

  @ParameterizedTest
  @CsvSource({"optional:secrets:, secrets:", "secrets:, optional:secrets:"})
  void oneStrictImportMakesAllStrict(String base, String live, @TempDir Path folder)
      throws IOException {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    String line = "spring.config.import=";
    Files.writeString(folder.resolve("application.properties"), line + base + "\n");
    Files.writeString(folder.resolve("application-live.properties"), line + live + "\n");
    try (ConfigurableApplicationContext app =
        Applications.start(
            store,
            "spring.config.location=file:" + folder + "/",
            "spring.profiles.active=live",
            "a=${secret.DB_ADMIN_PW:instead}",
            "secrets.retries=0")) {
      assertThatThrownBy(() -> app.getEnvironment().getProperty("a"))
          .satisfies(thrown -> assertThat(failure(thrown).kind()).isEqualTo(Kind.UNAVAILABLE));
    }
  }

  /** An outage may pass; a value that breaks a rule needs somebody who corrects it. */
  @Test
  void anOptionalImportFailsForAMistake() {
    try (ConfigurableApplicationContext app =
        Applications.start(
            store,
            OPTIONAL,
            "a=${secret.DB_ADMIN_PW:instead}",
            "secrets.validate.DB_ADMIN_PW.min-length=1000")) {
      assertThatThrownBy(() -> app.getEnvironment().getProperty("a"))
          .satisfies(thrown -> assertThat(failure(thrown).kind()).isEqualTo(Kind.INVALID_VALUE));
    }
  }

  @Test
  void aFieldThatIsNotThereFails() {
    try (ConfigurableApplicationContext app = Applications.start(store, IMPORT)) {
      assertThatThrownBy(() -> app.getEnvironment().getProperty("secret.DATABASE#user"))
          .satisfies(thrown -> assertThat(failure(thrown).kind()).isEqualTo(Kind.INVALID_VALUE))
          .hasMessageContaining("user");
    }
  }

  @Test
  void everyMissingRequiredSecretIsReportedAtOnce() {
    assertThatThrownBy(
            () -> Applications.start(store, IMPORT, "secrets.require=DB_ADMIN_PW,MISSING,OTHER"))
        .satisfies(
            thrown ->
                assertThat(failure(thrown).problems())
                    .hasSize(2)
                    .anyMatch(problem -> problem.contains("MISSING"))
                    .anyMatch(problem -> problem.contains("OTHER")));
    assertThat(store.closed()).as("closed after the failed start").isTrue();
  }

  @Test
  void settingsComeFromBootInItsOrder(@TempDir Path folder) throws IOException {
    FakeStore prefixed =
        FakeStore.create().holding("prod/DB", "of production").holding("test/DB", "of tests");
    Files.writeString(
        folder.resolve("application.properties"),
        "spring.config.import=secrets:\nsecrets.prefix=test/\nsecrets.softAge=7m\nstage=prod\n");
    Files.writeString(folder.resolve("application-live.properties"), "secrets.prefix=${stage}/\n");
    String location = "spring.config.location=file:" + folder + "/";
    try (ConfigurableApplicationContext app =
        Applications.start(
            prefixed,
            location,
            "spring.profiles.active=live",
            "secrets.validate.prod/DB.min-length=3")) {
      assertThat(app.getEnvironment().getProperty("secret.DB")).isEqualTo("of production");
      assertThat(app.getBean(SecretProvider.class).settings())
          .anyMatch(s -> s.key().equals("soft-age") && s.value().equals("7m"))
          .anyMatch(s -> s.key().equals("validate.prod/DB.min-length") && s.value().equals("3"));
    }
    FakeStore again = FakeStore.create().holding("test/DB", "of tests");
    try (ConfigurableApplicationContext app =
        Applications.start(
            again, location, "spring.profiles.active=live", "secrets.prefix=test/")) {
      assertThat(app.getEnvironment().getProperty("secret.DB")).isEqualTo("of tests");
    }
  }

  @Test
  void anUnknownSettingFailsTheStartWithTheNearest() {
    assertThatThrownBy(() -> Applications.start(store, IMPORT, "secrets.soft-agee=5m"))
        .satisfies(
            thrown ->
                assertThat(failure(thrown).problems())
                    .singleElement()
                    .asString()
                    .contains("soft-agee", "did you mean 'soft-age'"));
  }

  @Test
  void aSettingThatNeedsASecretIsAMistake() {
    assertThatThrownBy(() -> Applications.start(store, IMPORT, "secrets.prefix=${secret.STAGE}/"))
        .satisfies(
            thrown -> {
              assertThat(failure(thrown).kind()).isEqualTo(Kind.CONFIGURATION);
              assertThat(failure(thrown).problems())
                  .singleElement()
                  .asString()
                  .contains("secrets.");
            });
  }

  @Test
  void nothingMayFollowTheLocation() {
    assertThatThrownBy(() -> Applications.start(store, "spring.config.import=secrets:DB_ADMIN_PW"))
        .satisfies(
            thrown ->
                assertThat(failure(thrown).problems())
                    .singleElement()
                    .asString()
                    .contains("secrets:DB_ADMIN_PW", "expected: secrets: alone"));
  }

  @Test
  void aContextThatClosesDuringALoadEndsTheLoad() throws InterruptedException {
    store.next(FakeStore.Op.FETCH, "DB_ADMIN_PW", FakeStep.hang());
    ConfigurableApplicationContext app = Applications.start(store, IMPORT);
    Throwable[] thrown = new Throwable[1];
    Thread reader =
        new Thread(
            () -> {
              try {
                app.getEnvironment().getProperty("secret.DB_ADMIN_PW");
              } catch (SecretException e) {
                thrown[0] = e;
              }
            });
    reader.start();
    Applications.await(() -> store.hanging() == 1);

    app.close();

    reader.join(10_000);
    assertThat(reader.isAlive()).isFalse();
    assertThat(failure(thrown[0]).kind()).isEqualTo(Kind.CLOSED);
    store.release();
  }

  @Test
  void aSecretThatIsDeletedDuringTheRunServesItsLastValueUntilMaxStale() {
    try (ConfigurableApplicationContext app =
        Applications.start(
            store,
            IMPORT,
            "a=${secret.DB_ADMIN_PW:instead}",
            "secrets.soft-age=30ms",
            "secrets.max-stale=5s",
            "secrets.negative-age=10ms")) {
      ConfigurableEnvironment environment = app.getEnvironment();
      assertThat(environment.getProperty("a")).isEqualTo("first");

      store.losing("DB_ADMIN_PW");

      SecretsHealth health = app.getBean(SecretsHealth.class);
      Applications.await(() -> health.state().details().containsKey("stale"));
      assertThat(environment.getProperty("a")).isEqualTo("first");
      Applications.await(() -> "instead".equals(environment.getProperty("a")));

      store.holding("DB_ADMIN_PW", "second");
      Applications.await(() -> "second".equals(environment.getProperty("a")));
    }
  }

  @Test
  void aContextThatClosesDuringARefreshDoesNotWaitForIt() {
    ConfigurableApplicationContext app =
        Applications.start(store, IMPORT, "secrets.soft-age=30ms", "secrets.timeout=60s");
    app.getEnvironment().getProperty("secret.DB_ADMIN_PW");
    store.always(FakeStore.Op.FETCH, "DB_ADMIN_PW", FakeStep.hang());
    Applications.await(() -> store.hanging() >= 1);

    long begun = System.nanoTime();
    app.close();

    assertThat(System.nanoTime() - begun).isLessThan(30_000_000_000L);
    assertThat(store.closed()).isTrue();
    store.release();
  }
}
