package de.lifetimecircle.secrets.operations.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoughtValuesTest {
  private final FakeStore store =
      FakeStore.create()
          .holding("prod/KEY", "11".repeat(32))
          .holding("prod/KEY", "22".repeat(32))
          .holding("prod/KEY", "3f".repeat(32))
          .holding("prod/TOKEN", "tok_8Kd02LmPq9Zx/7")
          .holding("prod/HOST", "db.eu-central-1.example.com")
          .holding("prod/PORT", "5432");

  private static List<String> labels(SoughtValues sought) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < sought.size(); i++) {
      sought.owners(i).forEach(o -> labels.add(o.stored() + " " + o.version() + " " + o.served()));
    }
    return labels;
  }

  @Test
  void takesEveryVersionAndWhatTemplatesMake() {
    try (SoughtValues sought = Sought.of(store)) {
      assertThat(labels(sought))
          .containsExactlyInAnyOrder(
              "prod/KEY v3 (current) YES",
              "prod/KEY v2 (previous) YES",
              "prod/KEY v1 NO",
              "prod/TOKEN v4 (current) YES",
              "prod/URL made of its parts now YES");
      assertThat(sought.unsought())
          .extracting(UnsearchedSecret::name, UnsearchedSecret::failure)
          .contains(
              org.assertj.core.groups.Tuple.tuple("prod/HOST", null),
              org.assertj.core.groups.Tuple.tuple("prod/PORT", null),
              org.assertj.core.groups.Tuple.tuple("prod/URL", null));
    }
  }

  @Test
  void looksForWhatLooksPublicIfAsked() {
    try (SecretProvider provider = Sought.provider(store);
        SoughtValues sought =
            SoughtValues.read(Sought.INVENTORY, "prod", provider, Set.of("HOST", "PORT"))) {
      assertThat(labels(sought)).contains("prod/HOST v5 (current) YES");
      assertThat(sought.unsought())
          .contains(new UnsearchedSecret("prod/PORT", PublicValueHeuristic.SHORT, null));
      assertThatThrownBy(
              () -> SoughtValues.read(Sought.INVENTORY, "", provider, Set.of("prod/HOST")))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("without the prefix");
    }
  }

  @Test
  void putsTheNamesOfOneValueTogether() {
    store.holding("prod/TOKEN", "3f".repeat(32));
    try (SoughtValues sought = Sought.of(store)) {
      assertThat(sought.owners(0)).extracting(SoughtValues.Owner::stored).contains("prod/KEY");
      assertThat(labels(sought)).contains("prod/TOKEN v7 (current) YES");
      assertThat(sought.size()).isEqualTo(5);
    }
  }

  @Test
  void aVersionThatIsGoneIsSkippedAndADeniedOneIsAFailure() {
    store.next(FakeStore.Op.FETCH_VERSION, "prod/KEY", FakeStep.fail(Kind.VERSION_NOT_FOUND));
    store.always(FakeStore.Op.VERSIONS, "prod/TOKEN", FakeStep.fail(Kind.ACCESS_DENIED));
    store.always(FakeStore.Op.FETCH, "prod/TOKEN", FakeStep.fail(Kind.ACCESS_DENIED));
    try (SoughtValues sought = Sought.of(store)) {
      assertThat(sought.unsought())
          .filteredOn(u -> u.failure() != null)
          .extracting(UnsearchedSecret::name, UnsearchedSecret::failure)
          .contains(org.assertj.core.groups.Tuple.tuple("prod/TOKEN", Kind.ACCESS_DENIED));
    }
  }

  @Test
  void anOutageIsMetOnce() {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    try (SoughtValues sought = Sought.of(store)) {
      assertThat(sought.size()).isZero();
      assertThat(sought.unsought()).allMatch(u -> u.failure() == Kind.UNAVAILABLE).hasSize(5);
    }
    assertThat(store.calls()).isEqualTo(1);
  }

  @Test
  void aStoreWithoutVersionsGivesItsCurrentOnes() {
    FakeStore plain = FakeStore.with(Capability.WRITE, Capability.LIST);
    plain.holding("prod/KEY", "4e".repeat(32));
    try (SoughtValues sought = Sought.of(plain)) {
      assertThat(labels(sought)).containsExactly("prod/KEY v1 (current) YES");
    }
  }

  @Test
  void nothingShowsAValue() {
    try (LeakProbe probe = LeakProbe.start()) {
      store.holding("prod/KEY", probe.canary("key"));
      try (SoughtValues sought = Sought.of(store)) {
        probe.look("sought", sought).look("unsought", sought.unsought());
        probe.look("anchors", sought.anchors());
      }
      probe.assertClean();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5432",
        "postgres",
        "lifetimecircle_prod",
        "prod-db.c9akciq32.eu-central-1.rds.amazonaws.com",
        "https://app.example.com",
        "10.0.0.17"
      })
  void namesAndNumbersLookPublic(String text) {
    assertThat(PublicValueHeuristic.looksPublic(text)).isEqualTo(!text.contains("//"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "9f86d081884c7d659a2feaa0c55ad015",
        "p@ssw0rd!",
        "AKIAIOSFODNN7EXAMPLE/x"
      })
  void tokensDoNot(String text) {
    assertThat(PublicValueHeuristic.looksPublic(text)).isEqualTo(text.startsWith("AKIA"));
  }
}
