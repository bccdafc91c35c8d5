package de.lifetimecircle.secrets.operations.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryTest;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakProbeExtension.class)
class SecretGenerationTest {
  private static final String PASSWORD = "p@ss:w/ord?#\u00e4";

  private final FakeStore store = FakeStore.create();
  private final SecretWriter writer = writer(store, Map.of());
  private final Inventory inventory = Inventory.parse(InventoryText.example(), "example");
  private final SecretGeneration generation = generation(writer);

  private static SecretWriter writer(FakeStore store, Map<String, String> environment) {
    return SecretProvider.builder()
        .store(store.secondClient())
        .environment(environment)
        .buildWriter();
  }

  private SecretGeneration generation(SecretWriter other) {
    return new SecretGeneration(inventory, "", other, SystemRandom.open());
  }

  @AfterEach
  void close() {
    writer.close();
  }

  private String held(String name) {
    return store.secondClient().fetch(name).value().asString();
  }

  private List<GenerationResult> makeAll() {
    return generation.names().stream().map(generation::make).toList();
  }

  @Test
  void makesWhatIsMissingAndLeavesTheRestAlone(LeakProbe probe) {
    List<GenerationResult> first = makeAll();
    probe.watch("key", held("prod/LTC_SECRET_KEY")).watch("pw", held("prod/DB_ADMIN_PW"));
    assertThat(held("prod/LTC_SECRET_KEY")).matches("[0-9a-f]{64}");
    assertThat(held("prod/DB_ADMIN_PW")).matches("[0-9a-f]{32}");
    assertThat(first)
        .filteredOn(made -> made.outcome() == GenerationResult.Outcome.CREATED)
        .extracting(GenerationResult::name)
        .containsExactly("prod/LTC_SECRET_KEY", "prod/DB_ADMIN_PW", "prod/ADMIN_API_TOKEN");
    assertThat(first)
        .filteredOn(made -> made.name().equals("prod/DATABASE_URL"))
        .singleElement()
        .isEqualTo(
            new GenerationResult(
                "prod/DATABASE_URL",
                GenerationResult.Outcome.MISSING,
                "",
                List.of("DB_USERNAME", "DB_HOST", "DB_PORT", "DB_NAME")));

    String key = held("prod/LTC_SECRET_KEY");
    List<GenerationResult> second = makeAll();
    assertThat(second).noneMatch(made -> made.outcome() == GenerationResult.Outcome.CREATED);
    assertThat(held("prod/LTC_SECRET_KEY")).isEqualTo(key);
    probe.look("results", new ArrayList<>(List.of(first, second)));
  }

  @Test
  void putsATemplateTogetherPercentEncoded(LeakProbe probe) {
    probe.watch("password", PASSWORD);
    store
        .holding("prod/DB_USERNAME", "postgres")
        .holding("prod/DB_ADMIN_PW", PASSWORD)
        .holding("prod/DB_HOST", "db.example.com")
        .holding("prod/DB_PORT", "5432")
        .holding("prod/DB_NAME", "ltc");
    assertThat(generation.make("DATABASE_URL").outcome())
        .isEqualTo(GenerationResult.Outcome.CREATED);
    assertThat(held("prod/DATABASE_URL"))
        .isEqualTo("postgresql://postgres:p%40ss%3Aw%2Ford%3F%23%C3%A4@db.example.com:5432/ltc");
    String url = held("prod/DATABASE_URL");
    // Only this part: processes of other tests have the beginning and the end in their arguments.
    probe.watch("url", url.substring(url.indexOf("p%40ss"), url.indexOf("@db")));
    store.holding("prod/DB_NAME", "other");
    assertThat(generation.make("DATABASE_URL").outcome())
        .isEqualTo(GenerationResult.Outcome.EXISTS);
    assertThat(held("prod/DATABASE_URL")).endsWith("/ltc");
  }

  @Test
  void replacesWhatIsNamedOnly() {
    makeAll();
    String key = held("prod/LTC_SECRET_KEY");
    assertThat(generation.replace("LTC_SECRET_KEY").outcome())
        .isEqualTo(GenerationResult.Outcome.REPLACED);
    assertThat(held("prod/LTC_SECRET_KEY")).isNotEqualTo(key);
    assertThatThrownBy(() -> generation.replace("DB_HOST"))
        .hasMessageContaining("secrets put DB_HOST --trim-newline");
  }

  @Test
  void setsWhatPassesTheRules(LeakProbe probe) {
    String wrong = probe.canary("port");
    try (SecretValue value = SecretValue.of(wrong)) {
      assertThatThrownBy(() -> generation.set("DB_PORT", value))
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.INVALID_VALUE))
          .satisfies(e -> probe.look("refusal", e));
      assertThatThrownBy(() -> generation.set("DATABASE_URL", value))
          .hasMessageContaining("its template makes it from DB_USERNAME");
      assertThatThrownBy(() -> generation.set("DB_PROT", value))
          .hasMessageContaining("Did you mean 'DB_PORT'?");
    }
    assertThat(store.calls(FakeStore.Op.PUT)).isZero();
    try (SecretValue value = SecretValue.of("5432")) {
      assertThat(generation.set("DB_PORT", value).outcome())
          .isEqualTo(GenerationResult.Outcome.CREATED);
    }
    assertThat(generation.madeOf("DB_PORT")).containsExactly("DATABASE_URL");
    assertThat(generation.madeOf("LTC_SECRET_KEY")).isEmpty();
  }

  @Test
  void nothingThatAFailedWriteLeavesIsCalledMade() {
    store.next(
        FakeStore.Op.PUT, "prod/LTC_SECRET_KEY", FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    assertThatThrownBy(() -> generation.make("LTC_SECRET_KEY"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.ACCESS_DENIED));
    assertThat(generation.make("LTC_SECRET_KEY").outcome())
        .isEqualTo(GenerationResult.Outcome.CREATED);
  }

  /** As Key Vault, which has no condition for a write. */
  @Test
  void looksFirstWhereTheBackendCannotCreateOnly() {
    FakeStore plain = FakeStore.with(Capability.WRITE);
    try (SecretWriter other = writer(plain, Map.of())) {
      SecretGeneration onOther = generation(other);
      assertThat(onOther.make("LTC_SECRET_KEY").outcome())
          .isEqualTo(GenerationResult.Outcome.CREATED);
      String key = plain.secondClient().fetch("prod/LTC_SECRET_KEY").value().asString();
      assertThat(onOther.make("LTC_SECRET_KEY").outcome())
          .isEqualTo(GenerationResult.Outcome.EXISTS);
      assertThat(plain.secondClient().fetch("prod/LTC_SECRET_KEY").value().asString())
          .isEqualTo(key);
      plain.always(
          FakeStore.Op.FETCH,
          "prod/DB_ADMIN_PW",
          FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
      assertThatThrownBy(() -> onOther.make("DB_ADMIN_PW"))
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.ACCESS_DENIED));
    }
  }

  /** A developer's variable must not end in the production database's URL. */
  @Test
  void takesThePartOfTheStoreBesideAnOverride(LeakProbe probe) {
    makeAll();
    store
        .holding("prod/DB_USERNAME", "u")
        .holding("prod/DB_HOST", "db.example.com")
        .holding("prod/DB_PORT", "1")
        .holding("prod/DB_NAME", "n");
    String local = probe.canary("override");
    try (SecretWriter overridden = writer(store, Map.of("DB_HOST_LOCAL", local))) {
      assertThat(generation(overridden).make("DATABASE_URL").outcome())
          .isEqualTo(GenerationResult.Outcome.CREATED);
    }
    assertThat(held("prod/DATABASE_URL")).endsWith("@db.example.com:1/n").doesNotContain(local);
  }

  @Test
  void asksForTheEnvironmentWhereThereAreSeveral() {
    Inventory two =
        Inventory.parse(
            InventoryTest.HEAD.replace("secrets:\n", "  test:\n    prefix: test/\nsecrets:\n")
                + "  A: {description: a, generator: hex 16, environments: [test]}\n"
                + "  B: {description: b, generator: hex 16}\n",
            "two");
    assertThatThrownBy(() -> new SecretGeneration(two, "", writer, SystemRandom.open()))
        .hasMessageContaining("--environment with one of: prod, test");
    assertThatThrownBy(() -> new SecretGeneration(two, "dev", writer, SystemRandom.open()))
        .hasMessageContaining("none of that name");
    assertThat(new SecretGeneration(two, "prod", writer, SystemRandom.open()).names())
        .containsExactly("B");
    SecretGeneration test = new SecretGeneration(two, "test", writer, SystemRandom.open());
    assertThat(test.make("A").name()).isEqualTo("test/A");
  }

  @Test
  void drawsFromTheSystem() {
    assertThat(SystemRandom.open().getAlgorithm())
        .isIn("NativePRNGNonBlocking", "Windows-PRNG", "NativePRNGBlocking", "DRBG");
    assertThat(java.nio.file.Files.exists(java.nio.file.Path.of("/dev/urandom")))
        .isEqualTo(SystemRandom.open().getAlgorithm().equals("NativePRNGNonBlocking"));
  }
}
