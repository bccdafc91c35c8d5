package de.lifetimecircle.secrets.springboot;

import static de.lifetimecircle.secrets.springboot.Applications.IMPORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** The settings that only the starter knows: a mistyped one is reported, not ignored. */
final class StarterSettingsTest {
  private final FakeStore store = FakeStore.create().holding("KEY", "first");

  private static SecretException failure(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SecretException found) {
        return found;
      }
    }
    throw new AssertionError("no SecretException", thrown);
  }

  @ParameterizedTest
  @CsvSource({
    "secrets.required, secrets.require",
    "secrets.requires[0], secrets.require",
    "secrets.require-placeholder, secrets.require-placeholders",
    "secrets.datasource.wait-upto-to, secrets.datasource.wait-up-to",
    "secrets.datasource.passwort, secrets.datasource.password",
    "secrets.data-sources.url, secrets.datasource.url",
    "secrets.ssl.web.trusts, secrets.ssl.web.trust",
    "secrets.ssl[my.bundle].certificates, secrets.ssl[my.bundle].certificate",
  })
  void aMistypedSettingFailsTheStartWithTheNearest(String typed, String nearest) {
    assertThatThrownBy(() -> Applications.start(store, IMPORT, typed + "=KEY"))
        .satisfies(
            thrown -> {
              assertThat(failure(thrown).kind()).isEqualTo(Kind.CONFIGURATION);
              assertThat(failure(thrown).problems())
                  .containsExactly(typed + ": unknown key; did you mean '" + nearest + "'?");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"secrets.ssl.my.bundle.trust", "secrets.datasource"})
  void aSettingWithTooFewOrTooManyPartsFailsTheStart(String typed) {
    assertThatThrownBy(() -> Applications.start(store, IMPORT, typed + "=KEY"))
        .satisfies(
            thrown ->
                assertThat(failure(thrown).problems())
                    .singleElement()
                    .asString()
                    .startsWith(typed + ": unknown key"));
  }

  @Test
  void aSettingOfTheLibraryIsSaidOfItsPlaceInBootsConfiguration() {
    assertThatThrownBy(() -> Applications.start(store, IMPORT, "secrets.soft-aeg=5m"))
        .satisfies(
            thrown ->
                assertThat(failure(thrown).problems())
                    .singleElement()
                    .asString()
                    .startsWith("soft-aeg: unknown key in secrets.soft-aeg of ")
                    .endsWith("did you mean 'soft-age'?"));
  }

  @Test
  void aSettingOfAFileIsSaidOfItsLine(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("application.properties"), "secrets.retries=2\nsecrets.soft-aeg=5m\n");
    String file = "spring.config.additional-location=" + folder.toUri();
    assertThatThrownBy(() -> Applications.start(store, IMPORT, file))
        .satisfies(
            thrown ->
                assertThat(failure(thrown).problems())
                    .singleElement()
                    .asString()
                    .contains("application.properties")
                    .contains("2:18"));
  }

  @Test
  void aSettingShowsItsPlaceAndNotItsValue() {
    assertThat(new EnvironmentSettings.Found("c4n4ry", "line 2").toString())
        .contains("line 2")
        .doesNotContain("c4n4ry");
  }

  @Test
  void aMistypedSystemPropertyIsReportedToo() {
    System.setProperty("secrets.datasource.wait-to", "5s");
    try {
      assertThatThrownBy(() -> Applications.start(store, IMPORT))
          .satisfies(
              thrown ->
                  assertThat(failure(thrown).problems())
                      .singleElement()
                      .asString()
                      .contains("'secrets.datasource.wait-up-to'"));
    } finally {
      System.clearProperty("secrets.datasource.wait-to");
    }
  }

  /** No auto-configuration of the test uses them, so the values do not matter. */
  @Test
  void everyFormThatBootBindsIsAccepted() {
    try (ConfigurableApplicationContext app =
        Applications.start(
            store,
            IMPORT,
            "secrets.require[0]=KEY",
            "secrets.datasource.waitUpTo=5s",
            "secrets.datasource.wait_up_to=5s",
            "secrets.datasource.wait-upto=5s",
            "secrets.DATASOURCE.evict-after-rotation=true")) {
      assertThat(app.getBean(SecretsHealth.class).state().up()).isTrue();
    }
    PropertyReads reads = new PropertyReads(PropertyReads.OnOutage.FAIL);
    try (reads) {
      reads.bind(
          new org.springframework.mock.env.MockEnvironment()
              .withProperty("secrets.ssl[my.bundle].private-key", "KEY")
              .withProperty("secrets.ssl.web.privateKey", "KEY")
              .withProperty("secrets.ssl.web.private_key", "KEY"));
      reads.use(FakeStore.create());
      assertThat(reads.provider()).isNotNull();
    }
  }
}
