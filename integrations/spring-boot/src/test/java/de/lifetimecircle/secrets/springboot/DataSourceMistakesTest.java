package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** A database whose settings are wrong: the start fails and names the property. */
final class DataSourceMistakesTest {
  private final FakeStore store =
      FakeStore.create().holding("DATABASE", "postgresql://me:pw@127.0.0.1:1/db");

  private Throwable failedStart(String... settings) {
    String[] properties =
        Stream.concat(
                Stream.of(IMPORT), Arrays.stream(settings).map(s -> "secrets.datasource." + s))
            .toArray(String[]::new);
    Throwable thrown =
        catchThrowable(
            () ->
                Applications.start(DataSourceSettingsTest.WithPool.class, store, properties)
                    .close());
    assertThat(thrown).as("the start fails").isNotNull();
    return thrown;
  }

  private static List<String> problems(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SecretException found) {
        return found.problems();
      }
    }
    throw new AssertionError("no SecretException", thrown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql://db/ltc", "jdbc:postgresql://db/ltc?user=me&password=%s"})
  void aUrlThatIsNotOneOrHasAPasswordIsNamedAndNotShown(String url) {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("password of the URL");
      Throwable thrown = failedStart("secret=DATABASE", "url=" + url.replace("%s", canary));
      assertThat(problems(thrown))
          .singleElement()
          .asString()
          .startsWith("secrets.datasource.url: (expected: jdbc:..., without ");
      assertThat(new SecretFailureAnalyzer().analyze(thrown).getDescription())
          .contains("secrets.datasource.url");
      probe.look("failure", thrown);
      probe.assertClean();
    }
  }

  @Test
  void aNegativeTimeIsNamed() {
    assertThat(problems(failedStart("secret=DATABASE", "wait-up-to=-1s")))
        .containsExactly("secrets.datasource.wait-up-to: PT-1S (expected: >= 0)");
  }

  @Test
  void everyMistakeIsReportedAtOnce() {
    assertThat(problems(failedStart("secret=DATABASE", "user=U", "url=db", "wait-up-to=-1s")))
        .hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "password"})
  void twoWaysToLogInAreNamed(String other) {
    assertThat(problems(failedStart("secret=DATABASE", other + "=OTHER")))
        .singleElement()
        .asString()
        .contains("secrets.datasource.secret and secrets.datasource." + other);
  }

  @ParameterizedTest
  @CsvSource({
    "url=jdbc:postgresql://db/ltc, secrets.datasource.secret: not set",
    "password=PW;url=jdbc:postgresql://db/ltc, secrets.datasource.user: not set",
    "user=USER;password=PW, secrets.datasource.url: not set",
    "user=USER;url=jdbc:postgresql://db/ltc, secrets.datasource.password: not set",
  })
  void whatIsMissingIsNamed(String settings, String problem) {
    assertThat(problems(failedStart(settings.split(";"))))
        .singleElement()
        .asString()
        .startsWith(problem);
  }

  /** The pool itself would ask for it at the first query. */
  @Test
  void aLoginThatIsNotThereIsNamedWithTheNearest() {
    store.holding("DATABASE_URL", "postgresql://me:pw@127.0.0.1:1/db");
    assertThat(problems(failedStart("secret=DATABASE_URLL")))
        .singleElement()
        .asString()
        .startsWith("secrets.datasource needs 'DATABASE_URLL': ")
        .endsWith("Did you mean 'DATABASE_URL'?");
  }

  @Test
  void anOutageThatMayPassDoesNotEndTheStart() {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    try (ConfigurableApplicationContext app =
        Applications.start(
            DataSourceSettingsTest.WithPool.class,
            store,
            IMPORT,
            "secrets.retries=0",
            "secrets.datasource.secret=DATABASE")) {
      assertThat(app.isActive()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "com.zaxxer.hikari., com.zaxxer:HikariCP",
    "de.lifetimecircle.secrets.jdbc., de.lifetimecircle.secrets:secrets-jdbc",
  })
  void aMissingJarIsNamed(String hidden, String artifact) {
    ClassLoader without =
        new ClassLoader(getClass().getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(hidden)) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        };
    Throwable thrown =
        catchThrowable(
            () ->
                Applications.start(
                        without,
                        DataSourceSettingsTest.WithPool.class,
                        store,
                        IMPORT,
                        "secrets.datasource.secret=DATABASE")
                    .close());
    assertThat(problems(thrown)).singleElement().asString().contains(artifact);
  }
}
