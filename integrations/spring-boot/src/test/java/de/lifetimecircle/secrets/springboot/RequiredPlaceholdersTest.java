package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static de.lifetimecircle.secrets.springboot.Applications.OPTIONAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * A placeholder that nothing answers ends the start. Boot's binder would give its text to the bean
 * as the password.
 */
final class RequiredPlaceholdersTest {
  private FakeStore store = stocked();

  private static FakeStore stocked() {
    return FakeStore.create()
        .holding("API_KEY", "right")
        .holding("DB", "{\"password\":\"of json\"}")
        .holding("prod/DB", "of production");
  }

  @TempDir private Path folder;

  /** Bound by Boot's binder, which keeps what it cannot resolve. */
  @ConfigurationProperties("shop")
  static final class Shop {
    private String apiKey = "";
    private List<String> hosts = new ArrayList<>();

    public void setApiKey(String apiKey) {
      this.apiKey = apiKey;
    }

    public void setHosts(List<String> hosts) {
      this.hosts = hosts;
    }

    public List<String> getHosts() {
      return hosts;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(Shop.class)
  static class Bound {}

  private ConfigurableApplicationContext start(String... properties) {
    renew();
    return Applications.start(Bound.class, store, properties);
  }

  /** The end of an application closes its store. */
  private void renew() {
    store = store.closed() ? stocked() : store;
  }

  private SecretException failure(String... properties) {
    return failureOf(catchThrowable(() -> start(properties).close()));
  }

  private static SecretException failureOf(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SecretException found) {
        return found;
      }
    }
    throw new AssertionError("no SecretException", thrown);
  }

  /** Writes files of the application; returns the argument that has Boot read them. */
  private String files(String... namesAndTexts) throws IOException {
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      Files.writeString(folder.resolve(namesAndTexts[i]), namesAndTexts[i + 1]);
    }
    return "spring.config.location=file:" + folder + "/";
  }

  @Test
  void everyMissingOneIsNamedAtOnceWithTheNearestName() throws IOException {
    String files =
        files(
            "application.properties",
            """
            spring.config.import=secrets:
            shop.api-key=${secret.API_KEYY}

            other=a ${secret.DB#password} and ${secret.FAR_AWAY}
            """);
    PrintedAnalyses.ALL.clear();

    SecretException failure = failure(files, "secrets.require=ABSENT");

    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure.problems())
        .hasSize(3)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("${secret.API_KEYY} in shop.api-key of ")
                    .contains("application.properties", "2:14", "Cannot fetch secret 'API_KEYY'")
                    .endsWith("Did you mean 'API_KEY'?"))
        .anySatisfy(
            problem -> assertThat(problem).contains("in other of", "'FAR_AWAY'").endsWith("."))
        .anySatisfy(problem -> assertThat(problem).startsWith("secrets.require needs 'ABSENT': "));
    assertThat(PrintedAnalyses.ALL)
        .singleElement()
        .extracting(FailureAnalysis::getAction)
        .asString()
        .contains("secrets put NAME", "${secret.NAME:none}");
    assertThat(store.closed()).as("closed after the failed start").isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${secret.API_KEY} | right",
        "${secret.API_KEYY:instead} | instead",
        "${secret.API_KEYY:} | ''",
        "${absent:${secret.API_KEY}} | right",
        "${present:${secret.API_KEYY}} | here",
        "${secret.API_KEYY:${secret.API_KEY}} | right",
        "${secret.API_KEY:${secret.API_KEYY}} | right",
        "${secret.${stage}/DB} | of production",
        "${secret.DB#password} | of json",
        "${indirect} | right",
        "\\${secret.API_KEYY} | ${secret.API_KEYY}",
        "${escaped} | ${secret.API_KEYY}",
        "x${secret.API_KEYY | x${secret.API_KEYY",
        "$ {secret.API_KEYY} | $ {secret.API_KEYY}",
        "${unknown} of a shell | ${unknown} of a shell",
      })
  void anAnsweredOneHasItsValue(String text, String value) throws IOException {
    String files =
        files(
            "application.properties",
            "spring.config.import=secrets:\nstage=prod\npresent=here\n"
                + "indirect=${secret.API_KEY}\nescaped=\\\\${secret.API_KEYY}\n"
                + "shop.api-key="
                + text.replace("\\", "\\\\")
                + "\n");
    try (ConfigurableApplicationContext app = start(files)) {
      assertThat(app.getBean(Shop.class).apiKey).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${secret.API_KEYY}",
        "${absent:${secret.API_KEYY}}",
        "${secret.API_KEYY:${secret.API_KEYYY}}",
        "${secret.${stage:prod}/DBB}",
        "${secret.DB#user}",
        "x${secret.API_KEY}${secret.API_KEYY}y",
      })
  void anUnansweredOneFailsWhereverItStands(String text) throws IOException {
    Map<String, Object> ofTheSystem = Map.of("SHOP_API_KEY", text);
    assertThat(failure(IMPORT, "shop.api-key=" + text).problems()).hasSize(1);

    System.setProperty("shop.apiKey", text);
    try {
      assertThat(failure(IMPORT).problems()).hasSize(1);
    } finally {
      System.clearProperty("shop.apiKey");
    }

    renew();
    Throwable thrown =
        catchThrowable(
            () ->
                Applications.start(
                    Applications.Empty.class,
                    store,
                    environment ->
                        environment
                            .getPropertySources()
                            .replace(
                                "systemEnvironment",
                                new SystemEnvironmentPropertySource(
                                    "systemEnvironment", ofTheSystem)),
                    IMPORT));
    assertThat(failureOf(thrown).problems())
        .singleElement()
        .asString()
        .contains("shop.api.key of \"SHOP_API_KEY\"");
  }

  @Test
  void treesAndClassesAreSourcesToo() throws IOException {
    Path tree = Files.createDirectories(folder.resolve("tree/shop"));
    Files.writeString(tree.resolve("api-key"), "${secret.API_KEYY}");
    assertThat(
            failure("spring.config.import=secrets:,configtree:" + folder.resolve("tree") + "/")
                .problems())
        .singleElement()
        .asString()
        .startsWith("${secret.API_KEYY} in shop.api-key");

    renew();
    Throwable thrown =
        catchThrowable(() -> Applications.start(OfClass.class, store, IMPORT).close());
    assertThat(failureOf(thrown).problems()).singleElement().asString().contains("OF_CLASS");
  }

  @Configuration(proxyBeanMethods = false)
  @PropertySource("classpath:of-class.properties")
  static class OfClass {}

  @Test
  void whatAnInactiveProfileOrAStrongerSourceHidesIsNotNeeded() throws IOException {
    String files =
        files(
            "application.properties",
            """
            spring.config.import=secrets:
            shop.apiKey=${secret.HIDDEN}
            shop.hosts[0]=a
            shop.hosts[1]=${secret.HIDDEN}
            #---
            spring.config.activate.on-profile=live
            shop.other=${secret.OF_LIVE}
            """,
            "application-dev.properties",
            "shop.api-key=dev\nshop.hosts[0]=b\n",
            "application-live.properties",
            "shop.api-key=${secret.LIVE_KEY}\n");
    try (ConfigurableApplicationContext app = start(files, "spring.profiles.active=dev")) {
      assertThat(app.getBean(Shop.class).apiKey).isEqualTo("dev");
      assertThat(app.getBean(Shop.class).hosts).containsExactly("b");
      assertThat(store.calls()).isZero();
    }
    assertThat(failure(files, "spring.profiles.active=live").problems())
        .hasSize(3)
        .anyMatch(problem -> problem.contains("LIVE_KEY"))
        .anyMatch(problem -> problem.contains("OF_LIVE"))
        .anyMatch(problem -> problem.contains("in shop.hosts[1] of"));
  }

  @Test
  void onlyWhatIsNeededIsRead() {
    store.always(FakeStore.Op.FETCH, "WITH_DEFAULT", FakeStep.fail(Kind.UNAVAILABLE));
    try (ConfigurableApplicationContext app =
        start(IMPORT, "a=${secret.WITH_DEFAULT:x}", "b=${secret.API_KEY}", "c=${secret.API_KEY}")) {
      assertThat(app.isActive()).isTrue();
      assertThat(store.calls(FakeStore.Op.FETCH)).isEqualTo(1);
    }
  }

  /** Advice to create it would overwrite a live secret. */
  @ParameterizedTest
  @ValueSource(strings = {IMPORT, OPTIONAL})
  void anOutageIsNotAMissingSecret(String line) {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    PrintedAnalyses.ALL.clear();

    SecretException failure = failure(line, "shop.api-key=${secret.API_KEY}", "secrets.retries=0");

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(PrintedAnalyses.ALL)
        .singleElement()
        .extracting(FailureAnalysis::getAction)
        .asString()
        .contains("reaches the backend")
        .doesNotContain("secrets put");
  }

  @Test
  void withoutTheImportTheLineToAddIsSaid() throws IOException {
    String files = files("application.properties", "shop.api-key=x${secret.API_KEY}\n");
    Throwable thrown = catchThrowable(() -> Applications.start(Bound.class, null, files).close());
    assertThat(failureOf(thrown).problems())
        .hasSize(2)
        .anyMatch(problem -> problem.contains("the line spring.config.import=secrets: in"))
        .anyMatch(problem -> problem.startsWith("${secret.API_KEY} in shop.api-key of "));

    String own = "secret.API_KEY=of the application";
    try (ConfigurableApplicationContext app =
        Applications.start(Bound.class, null, files, own, "b=${secret.B:none}")) {
      assertThat(app.getBean(Shop.class).apiKey).isEqualTo("xof the application");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"require-placeholders", "requirePlaceholders"})
  void aSettingTurnsTheCheckOff(String name) {
    String off = "secrets." + name + "=false";
    try (ConfigurableApplicationContext app =
        start(IMPORT, "shop.api-key=${secret.API_KEYY}", off)) {
      assertThat(app.getBean(Shop.class).apiKey).isEqualTo("${secret.API_KEYY}");
    }
    try (ConfigurableApplicationContext app =
        Applications.start(Bound.class, null, "shop.api-key=${secret.API_KEY}", off)) {
      assertThat(app.getBean(Shop.class).apiKey).isEqualTo("${secret.API_KEY}");
    }
  }

  /** As a library may bring one, in place of Boot's. */
  @Configuration(proxyBeanMethods = false)
  static class Lenient {
    @Value("${unknown} ${secret.API_KEY} \\${shell}")
    String text;

    @Bean
    static PropertySourcesPlaceholderConfigurer lenient() {
      PropertySourcesPlaceholderConfigurer configurer = new PropertySourcesPlaceholderConfigurer();
      configurer.setIgnoreUnresolvablePlaceholders(true);
      return configurer;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Typing {
    Typing(@Value("x ${secret.API_KEYY}") String text) {
      assertThat(text).isNull();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class LenientTyping extends Lenient {
    @Value("x ${secret.API_KEYY}")
    String wrong;
  }

  @Test
  void aTextOfTheCodeIsNotServedAsItStands() {
    assertThatThrownBy(() -> Applications.start(Typing.class, store, IMPORT))
        .hasStackTraceContaining("API_KEYY");
    renew();
    Throwable thrown = catchThrowable(() -> Applications.start(LenientTyping.class, store, IMPORT));
    assertThat(failureOf(thrown)).hasMessageContaining("'API_KEYY'");
    Throwable without = catchThrowable(() -> Applications.start(Lenient.class, null));
    assertThat(failureOf(without)).hasMessageContaining("spring.config.import=secrets:");
    renew();
    try (ConfigurableApplicationContext app = Applications.start(Lenient.class, store, IMPORT)) {
      assertThat(app.getBean(Lenient.class).text).isEqualTo("${unknown} right ${shell}");
    }
  }

  /** The cache lets an expired value go; a bean that is bound again must not get the text. */
  @Test
  void aSecretThatIsLostDuringTheRunFailsItsReaders() {
    try (ConfigurableApplicationContext app =
        start(
            OPTIONAL,
            "shop.api-key=${secret.API_KEY}",
            "secrets.soft-age=1ms",
            "secrets.max-stale=2ms",
            "secrets.negative-age=1ms",
            "secrets.retries=0")) {
      ConfigurableEnvironment environment = app.getEnvironment();
      store.losing("API_KEY");
      Applications.await(() -> catchThrowable(() -> bound(environment)) != null);
      assertThat(failureOf(catchThrowable(() -> bound(environment))).kind())
          .isEqualTo(Kind.NOT_FOUND);
      Applications.await(() -> !app.getBean(SecretsHealth.class).state().up());
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      Applications.await(
          () -> failureOf(catchThrowable(() -> bound(environment))).kind() == Kind.UNAVAILABLE);
    }
  }

  private static String bound(ConfigurableEnvironment environment) {
    return org.springframework.boot.context.properties.bind.Binder.get(environment)
        .bind("shop.api-key", String.class)
        .get();
  }

  /** As of {@code /actuator/refresh}, after a file or a server of settings has changed. */
  @Test
  void aRefreshThatBringsAnUnansweredOneFailsBeforeBeansAreBound() {
    try (ConfigurableApplicationContext app = start(IMPORT, "shop.api-key=${secret.API_KEY}")) {
      ConfigurableEnvironment environment = app.getEnvironment();
      environment
          .getPropertySources()
          .addFirst(new MapPropertySource("new", Map.of("shop.apiKey", "${secret.API_KEYY}")));
      EnvironmentChangeEvent other = new EnvironmentChangeEvent(app, Set.of("other"));
      EnvironmentChangeEvent changed = new EnvironmentChangeEvent(app, Set.of("shop.api-key"));

      app.publishEvent(other);
      assertThatThrownBy(() -> app.publishEvent(changed)).hasMessageContaining("'API_KEYY'");
      assertThat(failureOf(catchThrowable(() -> bound(environment)))).isNotNull();
    }
  }

  @Test
  void aBeanOfItsOwnDoesNotAnswerPlaceholders() {
    Throwable thrown =
        catchThrowable(
            () ->
                Applications.start(OwnProviderTest.Own.class, store, IMPORT, "a=${secret.OTHER}"));
    assertThat(failureOf(thrown).problems()).singleElement().asString().contains("'OTHER'");
  }

  @Test
  void noValueIsInTheFailure() {
    try (LeakProbe probe = LeakProbe.start()) {
      store.holding("API_KEY", probe.canary("key")).holding("DB", probe.canary("not json"));
      probe.look("failure", failure(IMPORT, "a=${secret.API_KEYY}${secret.API_KEY}${secret.DB#x}"));
      probe.assertClean();
    }
  }

  @Test
  void theProviderOfAnAnsweredStartIsTheOneOfTheBeans() {
    try (ConfigurableApplicationContext app = start(IMPORT, "a=${secret.API_KEY}")) {
      app.getBean(SecretProvider.class).get("API_KEY");
      assertThat(store.calls(FakeStore.Op.FETCH)).isEqualTo(1);
      assertThat(app.getEnvironment().getProperty("a")).isEqualTo("right");
    }
  }
}
