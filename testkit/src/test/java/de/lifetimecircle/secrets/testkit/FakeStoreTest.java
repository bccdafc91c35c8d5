package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The scripting; the semantics are held by the contract. */
final class FakeStoreTest {
  private final FakeStore store = FakeStore.create().holding("a", "held");

  @Test
  void stepsAreTakenOnceThenTheStoreAnswers() {
    store.next(Op.FETCH, "a", FakeStep.fail(Kind.THROTTLED), FakeStep.value("v9", "scripted"));
    assertThat(kindOf(() -> store.fetch("a"))).isEqualTo(Kind.THROTTLED);
    assertThat(store.fetch("a").version()).isEqualTo("v9");
    assertThat(text("a")).isEqualTo("held");
    assertThat(store.calls(Op.FETCH, "a")).isEqualTo(3);
    assertThat(store.calls(Op.FETCH, "b")).isZero();
    assertThat(store.calls()).isEqualTo(3);
  }

  @Test
  void aStandingStepAndAnOutageEndWithRecover() {
    store
        .always(Op.FETCH, "a", FakeStep.fail(Kind.ACCESS_DENIED))
        .outage(FakeStep.fail(Kind.UNAVAILABLE));
    assertThat(kindOf(() -> store.fetch("a"))).isEqualTo(Kind.ACCESS_DENIED);
    assertThat(kindOf(() -> store.fetch("b"))).isEqualTo(Kind.UNAVAILABLE);
    assertThat(kindOf(store::check)).isEqualTo(Kind.UNAVAILABLE);
    store.recover();
    assertThat(text("a")).isEqualTo("held");
  }

  @Test
  void brokenStoreThrowsWhatIsNoSecretException() {
    store.next(Op.FETCH, "a", FakeStep.broken(new IllegalStateException("boom")));
    assertThatThrownBy(() -> store.fetch("a")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void delayLetsTimePassAndGoesOn() {
    FakeTicker ticker = FakeTicker.inline();
    store.next(Op.FETCH, "a", FakeStep.delay(ticker, Duration.ofSeconds(5)));
    assertThat(text("a")).isEqualTo("held");
    assertThat(ticker.nanoTime()).isEqualTo(Duration.ofSeconds(5).toNanos());
  }

  @Test
  void codeMayRaceWithTheCall() {
    store.next(Op.FETCH, "a", FakeStep.run(() -> store.holding("a", "newer")));
    assertThat(text("a")).isEqualTo("newer");
  }

  @Test
  void hangEndsByRelease() throws Exception {
    store.next(Op.FETCH, "a", FakeStep.hang());
    AtomicReference<String> answer = new AtomicReference<>("none");
    Thread reader = start(() -> answer.set(text("a")));
    store.release();
    reader.join();
    assertThat(answer.get()).isEqualTo("held");
  }

  @Test
  void hangEndsByInterruptAndKeepsTheFlag() throws Exception {
    store.next(Op.FETCH, "a", FakeStep.hang());
    AtomicReference<String> seen = new AtomicReference<>("none");
    Thread reader =
        start(
            () -> {
              Kind kind = kindOf(() -> store.fetch("a"));
              seen.set(kind + " " + Thread.currentThread().isInterrupted());
            });
    reader.interrupt();
    reader.join();
    assertThat(seen.get()).isEqualTo("INTERRUPTED true");
  }

  @Test
  void hangEndsByCloseOfItsOwnClientOnly() throws Exception {
    FakeStore other = store.secondClient();
    store.next(Op.FETCH, "a", FakeStep.hang());
    AtomicReference<Kind> seen = new AtomicReference<>();
    Thread reader = start(() -> seen.set(kindOf(() -> other.fetch("a"))));
    store.close();
    assertThat(store.hanging()).isEqualTo(1);
    other.close();
    reader.join();
    assertThat(seen.get()).isEqualTo(Kind.CLOSED);
  }

  @Test
  void retentionKeepsWhatHasAStage() {
    store.retention(1);
    for (String value : List.of("2", "3", "4", "5")) {
      store.holding("a", value);
    }
    assertThat(store.versions("a")).extracting("id").containsExactly("v5", "v4", "v3");
  }

  @Test
  void batchCountsOnceAndAnswersEachName() {
    store.next(Op.FETCH, "b", FakeStep.fail(Kind.ACCESS_DENIED));
    assertThat(store.fetchAll(List.of("a", "b", "a", "c"))).containsOnlyKeys("a", "b", "c");
    assertThat(store.calls(Op.FETCH_ALL)).isEqualTo(1);
    assertThat(store.calls(Op.FETCH, "a")).isEqualTo(1);
  }

  @Test
  void undeclaredAbilityIsRefused() {
    FakeStore reader = FakeStore.with(Capability.LIST);
    assertThat(kindOf(() -> reader.versions("a"))).isEqualTo(Kind.UNSUPPORTED);
    assertThat(kindOf(() -> reader.put(PutRequest.always("a", SecretValue.of("x")))))
        .isEqualTo(Kind.UNSUPPORTED);
    assertThat(reader.list("")).isEmpty();
  }

  @Test
  void valueNeverShows() {
    assertThat(store + " " + FakeStep.value("v1", "hidden")).doesNotContain("held", "hidden");
  }

  private Thread start(Runnable code) {
    Thread thread = new Thread(code);
    thread.start();
    while (store.hanging() == 0) {
      Thread.onSpinWait();
    }
    return thread;
  }

  private String text(String name) {
    return store.fetch(name).value().asString();
  }

  private static Kind kindOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    SecretException e = catchThrowableOfType(SecretException.class, call);
    return e.kind();
  }
}
