package de.lifetimecircle.secrets.operations.moving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComparedEnvironmentsTest {
  private static final Inventory INVENTORY =
      Inventory.parse(
          """
          version: 1
          service: shop
          owner: team
          environments: {prod: {prefix: prod/}, staging: {prefix: staging/}}
          secrets: {KEY: {description: a key}}
          """,
          "x");

  private final FakeStore store =
      FakeStore.create().holding("prod/KEY", "same").holding("staging/KEY", "same");

  private ComparedEnvironments.Compared compare() {
    try (SecretProvider provider = Stores.reader(store)) {
      return new ComparedEnvironments(INVENTORY, "prod", "staging", provider, Stores.RANDOM)
          .compare("KEY");
    }
  }

  @Test
  void tellsASecretThatOneCannotRead() {
    store.always(FakeStore.Op.FETCH, "staging/KEY", FakeStep.fail(Kind.ACCESS_DENIED));
    assertThat(compare().outcome()).isEqualTo(ComparedEnvironments.Outcome.UNREADABLE);
    assertThat(compare().detail()).isEqualTo("in staging: access denied");
  }

  /** Each other secret would be unreadable for the same reason, so the list would say nothing. */
  @ParameterizedTest
  @EnumSource(names = {"UNAVAILABLE", "UNAUTHENTICATED", "INTERRUPTED"})
  void endsWhereTheWholeStoreFails(Kind kind) {
    store.always(FakeStore.Op.FETCH, "prod/KEY", FakeStep.fail(kind));
    assertThatThrownBy(this::compare)
        .isInstanceOfSatisfying(SecretException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
