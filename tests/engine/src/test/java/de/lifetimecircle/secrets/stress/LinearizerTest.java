package de.lifetimecircle.secrets.stress;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.stress.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A checker that lets everything pass proves nothing: here it must refuse. */
class LinearizerTest {
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final long AGE = 1_000;

  private static Operation op(Kind kind, long begun, long ended, int version) {
    return new Operation(kind, begun, ended, version);
  }

  private static boolean passes(Operation... history) {
    List<Operation> bounded = Register.bounded(List.of(history), 1, AGE);
    return Linearizer.objection(bounded, new Register(1, 0)).isEmpty();
  }

  @Test
  void anOldAnswerWithinItsAgePasses() {
    assertThat(passes(op(Kind.STORE, 0, 1, 2), op(Kind.READ, 2, 3, 1), op(Kind.READ, 4, 5, 2)))
        .isTrue();
  }

  @Test
  void anAnswerPastItsAgeIsRefused() {
    assertThat(passes(op(Kind.STORE, 0, 1, 2), op(Kind.READ, 2_000, 2_001, 1))).isFalse();
  }

  @Test
  void anOlderAnswerAfterANewerIsRefused() {
    assertThat(passes(op(Kind.STORE, 0, 1, 2), op(Kind.READ, 2, 3, 2), op(Kind.READ, 4, 5, 1)))
        .isFalse();
  }

  @Test
  void overlappingReadsMaySeeEitherOrder() {
    assertThat(passes(op(Kind.STORE, 0, 1, 2), op(Kind.READ, 2, 9, 2), op(Kind.READ, 4, 5, 1)))
        .isTrue();
  }

  @Test
  void anOldAnswerAfterOurOwnPutIsRefused() {
    assertThat(putThenRead(6)).isFalse();
  }

  @Test
  void anOldAnswerBesideOurOwnPutPasses() {
    assertThat(putThenRead(4)).isTrue();
  }

  private static boolean putThenRead(long begun) {
    return passes(
        op(Kind.STORE, 0, 5, 2), op(Kind.OVERTAKE, 0, 5, 2), op(Kind.READ, begun, begun + 1, 1));
  }

  @Test
  void anAnswerFromTheFutureIsRefused() {
    assertThat(passes(op(Kind.READ, 0, 1, 2), op(Kind.STORE, 2, 3, 2))).isFalse();
  }

  @Test
  void aVersionThatNobodyStoredIsRefused() {
    assertThat(passes(op(Kind.READ, 0, 1, 7))).isFalse();
  }

  @Test
  void aRefreshThatAnswersWhatWasDisplacedBeforeItBeganIsRefused() {
    assertThat(passes(op(Kind.STORE, 0, 1, 2), op(Kind.REFRESH, 5, 6, 1))).isFalse();
    assertThat(passes(op(Kind.STORE, 0, 5, 2), op(Kind.REFRESH, 4, 6, 1))).isTrue();
  }

  @Test
  void anAnswerFromBeforeAFailedPutIsRefusedAfterIt() {
    assertThat(passes(op(Kind.STORE, 0, 1, 2), op(Kind.FORGET, 3, 4, 0), op(Kind.READ, 5, 6, 1)))
        .isFalse();
  }

  /** On small histories the answer is that of trying every order. */
  @Test
  void agreesWithTryingEveryOrder() {
    int refused = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      List<Operation> history = Register.bounded(any(new SplittableRandom(seed)), 1, AGE);
      boolean passes = Linearizer.objection(history, new Register(1, 0)).isEmpty();
      assertThat(passes)
          .as("seed %d: %s", seed, history)
          .isEqualTo(hasOrder(history, new Register(1, 0)));
      refused += passes ? 0 : 1;
    }
    assertThat(refused).isBetween(2_000, 18_000);
  }

  private static List<Operation> any(SplittableRandom random) {
    List<Operation> history = new ArrayList<>();
    int stored = 1;
    int length = random.nextInt(2, 7);
    for (int i = 0; i < length; i++) {
      long begun = random.nextInt(20);
      long ended = begun + random.nextInt(12);
      Kind kind = KINDS.get(random.nextInt(KINDS.size()));
      int version = kind == Kind.STORE ? ++stored : random.nextInt(1, stored + 1);
      history.add(op(kind, begun, ended, version));
    }
    return history;
  }

  private static boolean hasOrder(List<Operation> left, Register state) {
    if (left.isEmpty()) {
      return true;
    }
    for (Operation first : left) {
      boolean mayBeFirst = left.stream().noneMatch(other -> other.ended() < first.begun());
      Register next = mayBeFirst ? state.after(first) : null;
      if (next != null) {
        List<Operation> rest = new ArrayList<>(left);
        rest.remove(first);
        if (hasOrder(rest, next)) {
          return true;
        }
      }
    }
    return false;
  }
}
