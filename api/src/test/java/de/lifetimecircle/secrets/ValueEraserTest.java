package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ValueEraserTest {
  private final ValueEraser wiper = new ValueEraser();

  private byte[] bytesOfADroppedValue() {
    return wiper.lookAfter(SecretValue.of("dropped").toShared()).sharedBytes();
  }

  /** Runs the collector and waits until it has handed over what it found. */
  private static void collect() throws InterruptedException {
    ReferenceQueue<Object> found = new ReferenceQueue<>();
    WeakReference<Object> witness = new WeakReference<>(new Object(), found);
    System.gc();
    assertThat(found.remove(10_000)).isSameAs(witness);
  }

  @Test
  void aValueThatNobodyCanReadIsOverwritten() throws InterruptedException {
    byte[] bytes = bytesOfADroppedValue();
    assertThat(bytes).contains('d');
    for (int i = 0; i < 100 && bytes[0] != 0; i++) {
      collect();
      wiper.sweep();
    }
    assertThat(bytes).containsOnly(0);
  }

  @Test
  void aValueThatSomebodyHoldsIsLeftAlone() throws InterruptedException {
    SecretValue held = wiper.lookAfter(SecretValue.of("held").toShared());
    for (int i = 0; i < 3; i++) {
      collect();
      wiper.sweep();
    }
    assertThat(held.asString()).isEqualTo("held");
  }

  private byte[] bytesOfADisplacedValue() {
    SecretValue value = wiper.lookAfter(SecretValue.of("displaced").toShared());
    wiper.held(value);
    assertThat(value.watch()).as("nothing is kept for a value that an entry holds").isNull();
    return wiper.lookAfter(value).sharedBytes();
  }

  @Test
  void aValueThatWasHeldIsOverwrittenOnceItIsDisplacedAndDropped() throws InterruptedException {
    byte[] bytes = bytesOfADisplacedValue();
    assertThat(bytes).contains('d');
    for (int i = 0; i < 100 && bytes[0] != 0; i++) {
      collect();
      wiper.sweep();
    }
    assertThat(bytes).containsOnly(0);
  }

  @Test
  void aValueThatAnEntryHoldsIsTheEntrysToOverwrite() {
    SecretValue value = wiper.lookAfter(SecretValue.of("held").toShared());
    wiper.held(value);
    wiper.close();
    assertThat(value.asString()).isEqualTo("held");
    assertThat(wiper.lookAfter(value).sharedBytes()).as("displaced after the end").containsOnly(0);
  }

  @Test
  void afterTheEndNoneCanBeRead() {
    SecretValue before = wiper.lookAfter(SecretValue.of("before").toShared());
    wiper.close();
    SecretValue after = wiper.lookAfter(SecretValue.of("after").toShared());
    for (SecretValue value : new SecretValue[] {before, after}) {
      assertThat(value.sharedBytes()).containsOnly(0);
      assertThatExceptionOfType(SecretException.class)
          .isThrownBy(value::asBytes)
          .matches(e -> e.kind() == SecretException.Kind.CLOSED);
    }
  }
}
