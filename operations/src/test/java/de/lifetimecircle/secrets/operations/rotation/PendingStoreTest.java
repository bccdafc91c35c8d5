package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.PendingNames;
import de.lifetimecircle.secrets.operations.rotation.VersionChange.Part;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both forms of a pending value: each call can be repeated, and what others wrote stays. */
class PendingStoreTest extends RotationCase {
  private static final String PW = "prod/DB_ADMIN_PW";
  private static final String OLD = "0123456789abcdef0123456789abcdef";
  private static final SecretValue OLD_VALUE = SecretValue.of(OLD);
  private static final SecretValue FRESH = SecretValue.of("fresh");

  private PendingStore place;
  private String old = "";

  private void open(Kind kind) {
    use(kind);
    place = PendingStore.of(writer());
    old = served();
  }

  private String served() {
    return store.secondClient().fetch(PW).version();
  }

  private int writes() {
    return store.calls(FakeStore.Op.PUT) + store.calls(FakeStore.Op.PROMOTE);
  }

  private String keep(String rotation) {
    return place.keep(PW, rotation, "anna", FRESH);
  }

  private VersionChange change(String pending) {
    return new VersionChange("DB_ADMIN_PW", PW, Part.SECRET, old, pending, "", "");
  }

  private static void assertConflict(ThrowingCallable call, String why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aPendingValueIsKeptAndNotServed(Kind kind) {
    open(kind);
    assertThat(place.kept(PW, "r1")).isEmpty();
    assertThat(place.foreign(PW, "r1")).isEmpty();
    String pending = keep("r1");
    assertThat(place.kept(PW, "r1")).contains(pending);
    try (SecretValue value = place.value(change(pending))) {
      assertThat(value).isEqualTo(FRESH);
    }
    assertThat(place.isServed(change(pending))).isFalse();
    assertThat(held(PW)).isEqualTo(OLD);
    if (kind == Kind.STAGES) {
      assertThat(place.foreign(PW, "r2")).contains("version " + pending + " is pending");
    } else {
      assertThat(place.foreign(PW, "r1")).isEmpty();
      assertThat(place.kept(PW, "r2")).isEmpty();
      assertThat(place.foreign(PW, "r2")).contains("a value of the rotation r1 by anna is pending");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aRotationKeepsItsOwnValueAgainAndNotOverThatOfAnother(Kind kind) {
    open(kind);
    String first = keep("r1");
    String second = place.keep(PW, "r1", "anna", SecretValue.of("fresher"));
    assertThat(second).isNotEqualTo(first);
    assertThat(place.kept(PW, "r1")).contains(second);
    if (kind != Kind.STAGES) {
      assertConflict(() -> keep("r2"), "a value of the rotation r1 by anna is pending");
      assertThat(place.kept(PW, "r1")).contains(second);
      assertThat(place.clearAny(PW)).isTrue();
      String third = keep("r2");
      assertThat(place.kept(PW, "r2")).contains(third);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aPendingValueIsServedOnce(Kind kind) {
    open(kind);
    VersionChange change = change(keep("r1"));
    String fresh = place.promote(change);
    assertThat(fresh).isEqualTo(served()).isNotEqualTo(old);
    assertThat(held(PW)).isEqualTo("fresh");
    assertThat(place.isServed(change)).isTrue();
    int writes = writes();
    assertThat(place.promote(change)).isEqualTo(fresh);
    assertThat(writes()).isEqualTo(writes);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aValueOfSomebodyElseIsNotReplaced(Kind kind) {
    open(kind);
    VersionChange change = change(keep("r1"));
    store.holding(PW, "by-hand");
    String theirs = "another writer has changed it: version " + served() + " is served now";
    assertConflict(() -> place.promote(change), theirs);
    assertConflict(() -> place.restore(change.withFresh("gone"), OLD_VALUE), theirs);
    assertThat(held(PW)).isEqualTo("by-hand");
  }

  @Test
  void thePendingValueOfAnotherRotationIsNotServed() {
    open(Kind.NO_STAGES);
    VersionChange change = change(keep("r1"));
    assertThat(place.clearAny(PW)).isTrue();
    String unused = keep("r2");
    assertConflict(() -> place.promote(change), "another value is pending than the one of this");
    assertThat(held(PW)).isEqualTo(OLD);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theOldValueIsServedAgainOnce(Kind kind) {
    open(kind);
    VersionChange kept = change(keep("r1"));
    VersionChange change = kept.withFresh(place.promote(kept));
    String restored = place.restore(change, OLD_VALUE);
    assertThat(restored).isEqualTo(served());
    assertThat(held(PW)).isEqualTo(OLD);
    if (kind == Kind.STAGES) {
      assertThat(restored).isEqualTo(old);
    }
    store.holding(PW, "by-hand").holding(PW, OLD); // by somebody else, as a new version
    int writes = writes();
    assertThat(place.restore(change, OLD_VALUE)).isEqualTo(served()).isNotEqualTo(restored);
    assertThat(writes()).isEqualTo(writes);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void onlyThatPendingValueIsCleared(Kind kind) {
    open(kind);
    String pending = keep("r1");
    place.clear(change("another"));
    assertThat(place.kept(PW, "r1")).contains(pending);
    place.clear(change(pending));
    assertThat(place.kept(PW, "r1")).isEmpty();
    assertThat(place.foreign(PW, "r2")).isEmpty();
    int writes = writes();
    place.clear(change(pending));
    assertThat(writes()).isEqualTo(writes);
    assertThat(held(PW)).isEqualTo(OLD);
    assertThat(valid(PW)).containsOnly(OLD);
    if (kind != Kind.STAGES) {
      assertThat(held(PendingNames.of(PW)))
          .isEqualTo("{\"rotation\":\"none\",\"by\":\"\",\"value\":\"\"}");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anyPendingValueIsClearedAndReportedOnce(Kind kind) {
    open(kind);
    assertThat(place.clearAny(PW)).isFalse();
    assertThat(writes()).isZero();
    String unused = keep("r1");
    assertThat(place.clearAny(PW)).isTrue();
    assertThat(place.kept(PW, "r1")).isEmpty();
    int writes = writes();
    assertThat(place.clearAny(PW)).isFalse();
    assertThat(writes()).isEqualTo(writes);
    assertThat(valid(PW)).containsOnly(OLD);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theOldVersionIsRetired(Kind kind) {
    open(kind);
    VersionChange change = change(keep("r1"));
    String unused = place.promote(change);
    writer().retire(PW, old);
    assertThat(store.calls(FakeStore.Op.RETIRE, PW)).isEqualTo(1);
    if (kind == Kind.STAGES) {
      assertThat(valid(PW)).containsOnly("fresh");
    }
  }

  /** A token that may not read the separate name says nothing about what is pending. */
  @Test
  void aPendingValueThatCannotBeReadIsNotCalledMissing() {
    open(Kind.NO_STAGES);
    store.always(
        FakeStore.Op.FETCH, PendingNames.of(PW), FakeStep.fail(SecretException.Kind.ACCESS_DENIED));
    assertThatThrownBy(() -> place.kept(PW, "r1"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.ACCESS_DENIED));
    assertThatThrownBy(() -> keep("r1")).isInstanceOf(SecretException.class);
    assertThat(writes()).isZero();
  }
}
