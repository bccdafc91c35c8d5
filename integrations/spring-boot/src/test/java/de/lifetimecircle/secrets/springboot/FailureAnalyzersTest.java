package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static de.lifetimecircle.secrets.springboot.Applications.OPTIONAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

final class FailureAnalyzersTest {
  private final FakeStore store = FakeStore.create();

  @Configuration(proxyBeanMethods = false)
  static class Needy {
    Needy(@Value("${secret.MISSING}") String value) {
      assertThat(value).isNotEmpty();
    }
  }

  private Throwable failedStart(String... properties) {
    Throwable thrown =
        catchThrowable(() -> Applications.start(Needy.class, store, properties).close());
    assertThat(thrown).isNotNull();
    return thrown;
  }

  @Test
  void aMissingSecretIsNamed() {
    try (ConfigurableApplicationContext other = Applications.start(FakeStore.create(), IMPORT)) {
      FailureAnalysis analysis =
          new MissingSecretAnalyzer(other.getEnvironment()).analyze(failedStart(IMPORT));
      assertThat(analysis.getDescription()).contains("the backend has no secret 'MISSING'");
      assertThat(analysis.getAction()).contains("secrets put MISSING");
    }
  }

  @Test
  void aMissingImportIsSaid() {
    FailureAnalysis analysis =
        new MissingSecretAnalyzer(null)
            .analyze(
                new IllegalStateException(
                    new IllegalArgumentException(
                        "Could not resolve placeholder 'secret.A#b' in value \"${secret.A#b}\"")));
    assertThat(analysis.getDescription()).contains("${secret.A}");
    assertThat(analysis.getAction()).contains("spring.config.import=secrets:");
    assertThat(new MissingSecretAnalyzer(null).analyze(new IllegalArgumentException("other")))
        .isNull();
  }

  @Test
  void everyProblemIsPrintedInsteadOfATrace() {
    Throwable thrown = failedStart(IMPORT, "secrets.soft-age=never", "secrets.jitter=90%");
    FailureAnalysis analysis = new SecretFailureAnalyzer().analyze(thrown);
    assertThat(analysis.getDescription()).contains("soft-age: never", "jitter: 90%");
    assertThat(analysis.getAction()).contains("Correct each line");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNAVAILABLE", "ACCESS_DENIED", "INTERNAL"})
  void anOutageSaysHowToStartWithoutTheBackend(String kind) {
    store.outage(FakeStep.fail(Kind.valueOf(kind)));
    Throwable thrown = failedStart(IMPORT, "secrets.retries=0");
    FailureAnalysis analysis = new SecretFailureAnalyzer().analyze(thrown);
    assertThat(analysis.getDescription()).contains("MISSING");
    switch (Kind.valueOf(kind)) {
      case UNAVAILABLE -> assertThat(analysis.getAction()).contains("optional:secrets:");
      case ACCESS_DENIED -> assertThat(analysis.getAction()).contains("secrets doctor");
      default -> assertThat(analysis.getAction()).isNull();
    }
  }

  @Test
  void theStartPrintsThemByItself() {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("value that breaks a rule");
      store.holding("MISSING", canary);
      Throwable thrown = failedStart(IMPORT, "secrets.validate.MISSING.prefix=postgresql://");
      assertThat(new SecretFailureAnalyzer().analyze(thrown).getDescription()).contains("MISSING");
      probe.look("failure", thrown);
      probe.assertClean();
    }
  }

  /** The secret may be there: advice to create it would overwrite a live one. */
  @ParameterizedTest
  @ValueSource(strings = {"UNAVAILABLE", "ACCESS_DENIED"})
  void anOutageOfAnOptionalImportDoesNotSayThatTheSecretIsMissing(String kind) {
    PrintedAnalyses.ALL.clear();
    store.holding("MISSING", "is there").outage(FakeStep.fail(Kind.valueOf(kind)));
    failedStart(OPTIONAL, "secrets.retries=0");
    assertThat(PrintedAnalyses.ALL)
        .singleElement()
        .satisfies(
            printed -> {
              assertThat(printed.getDescription())
                  .contains("${secret.MISSING}", "the backend did not answer")
                  .doesNotContain("has no secret");
              assertThat(printed.getAction()).contains("secrets doctor").doesNotContain("put");
            });
  }

  /** After an outage the backend answers that there is none. */
  @Test
  void anAnswerEndsTheOutageOfAName() {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    try (ConfigurableApplicationContext app =
        Applications.start(store, OPTIONAL, "secrets.retries=0", "secrets.negative-age=1ms")) {
      PropertyReads reads = app.getBean(PropertyReads.class);
      assertThat(app.getEnvironment().getProperty("secret.MISSING")).isNull();
      assertThat(reads.isUnanswered("MISSING")).isTrue();
      store.recover();
      Applications.await(
          () -> {
            assertThat(app.getEnvironment().getProperty("secret.MISSING")).isNull();
            return !reads.isUnanswered("MISSING");
          });
    }
  }

  @Test
  void aStartPrintsTheAnalysisOfAMissingSecretInsteadOfATrace() {
    PrintedAnalyses.ALL.clear();
    failedStart(IMPORT);
    assertThat(PrintedAnalyses.ALL)
        .singleElement()
        .satisfies(
            printed -> {
              assertThat(printed.getDescription()).contains("the backend has no secret 'MISSING'");
              assertThat(printed.getAction()).contains("secrets put MISSING");
            });
  }
}
