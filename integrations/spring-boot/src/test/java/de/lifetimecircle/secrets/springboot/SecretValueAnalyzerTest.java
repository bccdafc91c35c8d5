package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

/** Starts that fail because of a value, which Boot's own analyzers quote. */
final class SecretValueAnalyzerTest {
  private FakeStore store = FakeStore.create();

  /** The text that Spring itself logs as a warning before any analyzer is asked. */
  private String warning = "";

  /** As a constraint of Jakarta Validation does; one rule's text quotes what it rejects. */
  @ConfigurationProperties("app")
  static final class Checked implements Validator {
    private String apiKey = "";
    private String quoted = "";

    public String getApiKey() {
      return apiKey;
    }

    public void setApiKey(String apiKey) {
      this.apiKey = apiKey;
    }

    public String getQuoted() {
      return quoted;
    }

    public void setQuoted(String quoted) {
      this.quoted = quoted;
    }

    @Override
    public boolean supports(Class<?> type) {
      return type == Checked.class;
    }

    @Override
    public void validate(Object target, Errors errors) {
      errors.rejectValue("apiKey", "Size", "size must be at least 1000");
      if (!quoted.isEmpty()) {
        errors.rejectValue("quoted", "Size", "'" + quoted + "' is too short");
      }
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(Checked.class)
  static class WithChecked {}

  @ConfigurationProperties("app")
  static final class Numbers {
    private int port;

    public int getPort() {
      return port;
    }

    public void setPort(int port) {
      this.port = port;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(Numbers.class)
  static class WithNumbers {}

  @Configuration(proxyBeanMethods = false)
  static class Injected {
    Injected(@Value("${secret.KEY}") int port) {
      assertThat(port).isPositive();
    }
  }

  @BeforeEach
  void clear() {
    PrintedAnalyses.ALL.clear();
  }

  private FailureAnalysis printed(Class<?> beans, String... properties) {
    Throwable thrown = catchThrowable(() -> Applications.start(beans, store, properties).close());
    assertThat(thrown).isNotNull();
    warning = thrown.toString();
    assertThat(PrintedAnalyses.ALL).hasSize(1);
    return PrintedAnalyses.ALL.get(0);
  }

  private void look(LeakProbe probe, FailureAnalysis analysis) {
    probe.look("description", analysis.getDescription());
    probe.look("action", analysis.getAction());
    probe.look("warning", warning);
    assertThat(analysis.getCause()).as("Boot logs it at DEBUG").isNull();
  }

  @Test
  void aRejectedValueIsNotPrinted() {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("value that a rule rejects");
      store.holding("KEY", canary);
      FailureAnalysis analysis =
          printed(
              WithChecked.class,
              IMPORT,
              "app.api-key=${secret.KEY}",
              "app.quoted=x${indirect}",
              "indirect=${secret.KEY}");
      assertThat(analysis.getDescription())
          .contains("app.apiKey: size must be at least 1000", "app.quoted: not valid");
      look(probe, analysis);
      probe.assertClean();
    }
  }

  @Test
  void aValueThatCannotBeConvertedIsNotPrinted() {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("value that is no number");
      store.holding("KEY", canary);
      FailureAnalysis analysis = printed(WithNumbers.class, IMPORT, "app.port=${secret.KEY}");
      assertThat(analysis.getDescription()).contains("app.port: expected int");
      look(probe, analysis);
      probe.assertClean();
    }
  }

  @Test
  void anInjectedValueThatCannotBeConvertedIsNotPrinted() {
    store.holding("KEY", "value-that-is-no-number");
    FailureAnalysis analysis = printed(Injected.class, IMPORT);
    assertThat(analysis.getDescription())
        .contains("UnsatisfiedDependencyException of bean", "NumberFormatException")
        .doesNotContain("value-that-is-no-number");
  }

  /** Too short to be recognised inside a text. */
  @Test
  void aShortValueIsNotPrinted() {
    store.holding("KEY", "q7z");
    assertThat(printed(WithNumbers.class, IMPORT, "app.port=${secret.KEY}").getDescription())
        .contains("app.port: expected int")
        .doesNotContain("q7z");
    PrintedAnalyses.ALL.clear();
    store = FakeStore.create().holding("KEY", "q7z"); // the failed start has closed the other
    assertThat(
            printed(WithChecked.class, IMPORT, "app.api-key=k", "app.quoted=${secret.KEY}")
                .getDescription())
        .contains("app.quoted: not valid")
        .doesNotContain("q7z");
  }

  @Test
  void aFailureWithoutASecretIsLeftToBoot() {
    store.holding("KEY", "value-that-is-read");
    FailureAnalysis analysis =
        printed(WithNumbers.class, IMPORT, "app.port=no-number", "other=${secret.KEY}");
    assertThat(analysis.getDescription()).contains("no-number");
    try (ConfigurableApplicationContext other = Applications.start(store, IMPORT)) {
      assertThat(
              new SecretValueAnalyzer(other.getEnvironment())
                  .analyze(new IllegalStateException("of the application")))
          .isNull();
    }
    FakeStore words = FakeStore.create().holding("USER", "postgres");
    try (ConfigurableApplicationContext other = Applications.start(words, IMPORT)) {
      assertThat(other.getEnvironment().getProperty("secret.USER")).isEqualTo("postgres");
      assertThat(
              new SecretValueAnalyzer(other.getEnvironment())
                  .analyze(new IllegalStateException("no class org.postgresql.Driver")))
          .as("a word that many texts contain")
          .isNull();
    }
    assertThat(new SecretValueAnalyzer(null).analyze(new IllegalStateException("early"))).isNull();
  }
}
