package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ValueEraserTest {
  private final ValueEraser eraser = new ValueEraser();

  private byte[] bytesOfADroppedValue() {
    return eraser.lookAfter(SecretValue.of("dropped").toShared()).sharedBytes();
  }

  /** Runs the collector and waits until it has handed over what it found. */
  private static void collect() throws InterruptedException {
    ReferenceQueue<Object> found = new ReferenceQueue<>();
    WeakReference<Object> witness = new WeakReference<>(new Object(), found);
    System.gc();
    assertThat(found.remove(10_000)).isSameAs(witness);
  }

  private void isOverwritten(byte[] bytes) throws InterruptedException {
    assertThat(bytes).contains('d');
    for (int i = 0; i < 100 && bytes[0] != 0; i++) {
      collect();
      eraser.sweep();
    }
    assertThat(bytes).containsOnly(0);
  }

  @Test
  void aValueThatNobodyCanReadIsOverwritten() throws InterruptedException {
    isOverwritten(bytesOfADroppedValue());
  }

  @Test
  void aValueThatSomebodyHoldsIsLeftAlone() throws InterruptedException {
    SecretValue held = eraser.lookAfter(SecretValue.of("held").toShared());
    for (int i = 0; i < 3; i++) {
      collect();
      eraser.sweep();
    }
    assertThat(held.asString()).isEqualTo("held");
  }

  private byte[] bytesOfADisplacedValue() {
    SecretValue value = eraser.lookAfter(SecretValue.of("displaced").toShared());
    eraser.held(value);
    assertThat(value.watch()).as("nothing is kept for a value that an entry holds").isNull();
    return eraser.lookAfter(value).sharedBytes();
  }

  @Test
  void aValueThatWasHeldIsOverwrittenOnceItIsDisplacedAndDropped() throws InterruptedException {
    isOverwritten(bytesOfADisplacedValue());
  }

  @Test
  void aValueThatAnEntryHoldsIsTheEntrysToOverwrite() {
    SecretValue value = eraser.lookAfter(SecretValue.of("held").toShared());
    eraser.held(value);
    eraser.close();
    assertThat(value.asString()).isEqualTo("held");
    assertThat(eraser.lookAfter(value).sharedBytes()).as("displaced after the end").containsOnly(0);
  }

  @Test
  void afterTheEndNoneCanBeRead() {
    SecretValue before = eraser.lookAfter(SecretValue.of("before").toShared());
    eraser.close();
    SecretValue after = eraser.lookAfter(SecretValue.of("after").toShared());
    for (SecretValue value : new SecretValue[] {before, after}) {
      assertThat(value.sharedBytes()).containsOnly(0);
      assertThatExceptionOfType(SecretException.class)
          .isThrownBy(value::asBytes)
          .matches(e -> e.kind() == SecretException.Kind.CLOSED);
    }
  }
}
