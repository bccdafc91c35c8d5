package de.lifetimecircle.secrets.operations.moving;

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
import org.junit.jupiter.api.Test;

class StoreComparisonTest {
  private final FakeStore first = FakeStore.create();
  private final FakeStore second = FakeStore.create();

  private List<ComparedSecret> compare() {
    List<ComparedSecret> results = new ArrayList<>();
    try (SecretProvider one = Stores.reader(first);
        SecretProvider other = Stores.reader(second)) {
      StoreComparison comparison = new StoreComparison(one, other, Stores.RANDOM);
      comparison.names("", left -> {}).forEach(name -> results.add(comparison.compare(name)));
    }
    return results;
  }

  private ComparedSecret only() {
    List<ComparedSecret> results = compare();
    assertThat(results).hasSize(1);
    return results.get(0);
  }

  private static void holding(FakeStore store, String... values) {
    for (String value : values) {
      store.holding("A", value);
    }
  }

  @Test
  void tellsWhatIsTheSameAndWhatOneLacks() {
    first.holding("BOTH", "1").holding("FIRST", "2").holding("OTHER", "3");
    second.holding("BOTH", "1").holding("SECOND", "2").holding("OTHER", "4");
    assertThat(compare())
        .extracting(ComparedSecret::name, ComparedSecret::outcome)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("BOTH", ComparedSecret.Outcome.SAME),
            org.assertj.core.groups.Tuple.tuple("FIRST", ComparedSecret.Outcome.ONLY_FIRST),
            org.assertj.core.groups.Tuple.tuple("OTHER", ComparedSecret.Outcome.DIFFERS),
            org.assertj.core.groups.Tuple.tuple("SECOND", ComparedSecret.Outcome.ONLY_SECOND));
  }

  /** A migration leaves them where the service rotates them, and says so. */
  @Test
  void leavesOutWhatAnAwsServiceManages() {
    first.holding("rds!db-1", "made by rds").holding("OWN", "1").holding("prod/a!b", "own");
    second.holding("OWN", "1").holding("prod/a!b", "own").holding("own!name", "2");
    List<String> left = new ArrayList<>();
    try (SecretProvider aws =
            SecretProvider.builder().store(first.secondClient()).set("backend", "aws").build();
        SecretProvider gpg =
            SecretProvider.builder().store(second.secondClient()).set("backend", "gpg").build()) {
      assertThat(new StoreComparison(aws, gpg, Stores.RANDOM).names("", left::add))
          .containsExactly("OWN", "own!name", "prod/a!b");
    }
    assertThat(left).containsExactly("rds!db-1");
  }

  @Test
  void comparesVersionsAsFarAsBothListThem() {
    holding(first, "1", "2", "3", "4");
    holding(second, "3", "4");
    assertThat(only())
        .isEqualTo(
            new ComparedSecret("A", ComparedSecret.Outcome.SAME, "2 older only in the first"));
    holding(second, "5", "4");
    assertThat(only().outcome()).isEqualTo(ComparedSecret.Outcome.DIFFERS);
    assertThat(only().detail()).isEqualTo("previous, 2 older");
    holding(second, "9");
    assertThat(only().detail()).startsWith("current, previous, ");
  }

  @Test
  void takesEqualNeighboursForOne() {
    FakeStore plain = Stores.without(Capability.VERSIONS, Capability.STAGES);
    plain.holding("A", "2");
    holding(first, "1", "2");
    try (SecretProvider one = Stores.reader(first);
        SecretProvider other = Stores.reader(plain)) {
      assertThat(new StoreComparison(one, other, Stores.RANDOM).compare("A"))
          .isEqualTo(
              new ComparedSecret("A", ComparedSecret.Outcome.SAME, "1 older only in the first"));
    }
  }

  @Test
  void tellsOfPendingVersions() {
    holding(first, "1");
    holding(second, "1");
    Stores.pending(first, "A", "2");
    assertThat(only())
        .isEqualTo(
            new ComparedSecret("A", ComparedSecret.Outcome.SAME, "pending only in the first"));
    Stores.pending(second, "A", "3");
    assertThat(only())
        .isEqualTo(new ComparedSecret("A", ComparedSecret.Outcome.DIFFERS, "pending"));
    Stores.pending(second, "A", "2");
    assertThat(only().outcome()).isEqualTo(ComparedSecret.Outcome.SAME);
  }

  @Test
  void aRefusalIsAResultAndAnOutageAnError() {
    holding(first, "1");
    holding(second, "1");
    second.always(FakeStore.Op.FETCH_VERSION, "A", FakeStep.fail(Kind.ACCESS_DENIED));
    assertThat(only().outcome()).isEqualTo(ComparedSecret.Outcome.UNREADABLE);
    assertThat(only().detail()).contains("access denied");
    second.recover().always(FakeStore.Op.VERSIONS, "A", FakeStep.fail(Kind.UNAVAILABLE));
    assertThatThrownBy(this::compare).isInstanceOf(SecretException.class);
  }

  @Test
  void nothingShowsAValueOrADigest() {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("value");
      holding(first, canary, probe.canary("newer"));
      holding(second, canary);
      try (SecretProvider one = Stores.reader(first)) {
        probe
            .look("results", compare())
            .look(
                "prints",
                VersionChain.of(one, "A")
                    .prints(one, "A", new ValueFingerprints(Stores.RANDOM), s -> {}));
      }
      probe.assertClean();
    }
  }
}
