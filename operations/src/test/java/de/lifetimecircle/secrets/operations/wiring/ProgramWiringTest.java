package de.lifetimecircle.secrets.operations.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.policy.AccessPolicy;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramWiringTest {
  private static final String KEY = "k".repeat(64);
  private static final String URL = "postgresql://postgres:pw@db:5432/ltc";

  private final Inventory inventory = Inventory.parse(InventoryText.example(), "example");
  private final ProgramWiring service =
      ProgramWiring.of(inventory, "", AccessPolicy.Audience.SERVICE);
  private final FakeStore store =
      FakeStore.create()
          .holding("prod/LTC_SECRET_KEY", KEY)
          .holding("prod/DATABASE_URL", URL)
          .holding("prod/ADMIN_API_TOKEN", KEY);

  private final List<SecretProvider> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(SecretProvider::close);
  }

  private List<VariableValue> read(String overrides, Map<String, String> environment) {
    SecretProvider provider =
        SecretProvider.builder()
            .store(store)
            .set("overrides", overrides)
            .environment(environment)
            .build();
    opened.add(provider);
    return service.read(provider, environment);
  }

  @Test
  void givesAReaderWhatTheInventoryLetsItHave() {
    assertThat(service.wires())
        .extracting(SecretVariable::variable, SecretVariable::name)
        .containsExactlyInAnyOrder(
            tuple("LTC_SECRET_KEY", "prod/LTC_SECRET_KEY"),
            tuple("DATABASE_URL", "prod/DATABASE_URL"),
            tuple("ADMIN_API_TOKEN", "prod/ADMIN_API_TOKEN"));
    assertThat(ProgramWiring.of(inventory, "prod", AccessPolicy.Audience.CI).wires())
        .extracting(SecretVariable::variable)
        .containsExactlyInAnyOrder("LTC_SECRET_KEY", "DATABASE_URL");
    assertThat(EnvironmentVariables.of(read("on", Map.of())))
        .isEqualTo(Map.of("LTC_SECRET_KEY", KEY, "DATABASE_URL", URL, "ADMIN_API_TOKEN", KEY));
  }

  @Test
  void takesTheLocalOverrideOfTheInventoryAndAsksNoBackendForIt() {
    String local = "l".repeat(40);
    Map<String, String> environment = Map.of("LTC_SECRET_KEY_LOCAL", local);
    assertThat(EnvironmentVariables.of(read("on", environment)))
        .containsEntry("LTC_SECRET_KEY", local);
    assertThat(read("on", environment))
        .filteredOn(value -> value.origin() == Secret.Origin.OVERRIDE)
        .extracting(VariableValue::variable)
        .containsExactly("LTC_SECRET_KEY");
    assertThat(EnvironmentVariables.of(read("off", environment)))
        .containsEntry("LTC_SECRET_KEY", KEY);
    FakeStore empty = FakeStore.create();
    SecretVariable only = service.wires().get(0);
    try (SecretProvider provider = SecretProvider.builder().store(empty).build()) {
      assertThat(
              ProgramWiring.of(List.of(only))
                  .read(provider, Map.of(only.localOverride() + "", local)))
          .hasSize(1);
    }
    assertThat(empty.calls()).isZero();
  }

  /** A watch must follow exactly the secrets that a read asks for. */
  @ParameterizedTest
  @CsvSource({
    "on, LTC_SECRET_KEY_LOCAL, prod/DATABASE_URL prod/ADMIN_API_TOKEN",
    "on, OTHER_LOCAL, prod/LTC_SECRET_KEY prod/DATABASE_URL prod/ADMIN_API_TOKEN",
    "off, LTC_SECRET_KEY_LOCAL, prod/LTC_SECRET_KEY prod/DATABASE_URL prod/ADMIN_API_TOKEN"
  })
  void asksForTheSecretsThatNoLocalOverrideReplaces(
      String overrides, String variable, String expected) {
    Map<String, String> environment = Map.of(variable, "l".repeat(40));
    assertThat(read(overrides, environment)).hasSize(3);
    List<String> asked = service.askedFor(opened.get(0), environment);
    assertThat(asked).containsExactlyInAnyOrder(expected.split(" "));
    for (String name :
        List.of("prod/LTC_SECRET_KEY", "prod/DATABASE_URL", "prod/ADMIN_API_TOKEN")) {
      assertThat(store.calls(FakeStore.Op.FETCH, name) > 0)
          .as(name)
          .isEqualTo(asked.contains(name));
    }
  }

  @Test
  void refusesAnEmptyLocalOverrideByItsName() {
    Map<String, String> environment = Map.of("LTC_SECRET_KEY_LOCAL", "");
    SecretException failure =
        catchThrowableOfType(SecretException.class, () -> read("on", environment));
    assertThat(failure.kind()).isEqualTo(SecretException.Kind.INVALID_VALUE);
    assertThat(failure).hasMessageContaining("LTC_SECRET_KEY_LOCAL, which replaces it here, is");
    assertThat(EnvironmentVariables.of(read("off", environment)))
        .containsEntry("LTC_SECRET_KEY", KEY);
  }

  @Test
  void validatesWhereverTheValueIsFromAndShowsNone() {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("invalid");
      store.holding("prod/DATABASE_URL", "mysql://" + canary);
      Map<String, String> environment = Map.of("LTC_SECRET_KEY_LOCAL", canary.substring(0, 31));
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> read("on", environment));
      assertThat(failure.kind()).isEqualTo(SecretException.Kind.INVALID_VALUE);
      assertThat(failure.problems()).hasSize(2);
      assertThat(failure)
          .hasMessageContaining("'prod/LTC_SECRET_KEY': the value from the variable LTC_SECRET")
          .hasMessageContaining("at least 32 bytes")
          .hasMessageContaining("begins with 'postgresql://'");
      probe.look("failure", failure).assertClean();
    }
  }

  @Test
  void showsNoValueAsText() {
    assertThat(read("on", Map.of()).toString()).contains("prod/LTC_SECRET_KEY").doesNotContain(KEY);
  }

  @Test
  void tellsEverythingThatIsMissingAtOnce() {
    try (SecretProvider provider = SecretProvider.builder().store(FakeStore.create()).build()) {
      assertThatThrownBy(() -> service.read(provider, Map.of()))
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(SecretException.Kind.NOT_FOUND);
                assertThat(e.problems()).hasSize(3);
              });
    }
  }

  @Test
  void refusesWhatNobodyReadsAndTwoSecretsForOneVariable() {
    String text = InventoryText.example();
    Inventory nobody = Inventory.parse(text.replaceAll("readers: .*", "# nobody"), "x");
    assertThatThrownBy(() -> ProgramWiring.of(nobody, "", AccessPolicy.Audience.CI))
        .hasMessageContaining("no secret there names 'ci' among its readers");
    Inventory twice =
        Inventory.parse(
            text + "  other/LTC_SECRET_KEY:\n    description: x\n    readers: [service]\n", "x");
    assertThatThrownBy(() -> ProgramWiring.of(twice, "", AccessPolicy.Audience.SERVICE))
        .hasMessageContaining("two of its secrets have the same variable")
        .hasMessageContaining("prod/other/LTC_SECRET_KEY");
    assertThatThrownBy(() -> ProgramWiring.of(List.of(SecretVariable.of("A-B", "x"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"X, X", "prod/db-url, DB_URL", "a/b.c@d, B_C_D", "9lives, _9LIVES", "äb, _B"})
  void namesVariables(String name, String variable) {
    assertThat(ProgramWiring.variable(name)).isEqualTo(variable);
  }

  /** Somebody may take {@code --secret NAME=ENVVAR} for the place of the value. */
  @Test
  void doesNotRepeatTheTextInPlaceOfAVariable() {
    List<SecretVariable> wires = List.of(SecretVariable.of("c4n4ry-Zq8vT2wX", "prod/KEY"));
    assertThatThrownBy(() -> ProgramWiring.of(wires))
        .hasMessageContaining("'prod/KEY'")
        .hasMessageContaining("--secret NAME=ENVVAR")
        .hasMessageNotContaining("c4n4ry");
  }
}
