package de.lifetimecircle.secrets.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class ValueEraserTest {
  private final ValueEraser eraser = new ValueEraser();

  private byte[] bytesOfADroppedValue() {
    return EngineAccess.types()
        .sharedBytes(eraser.lookAfter(EngineAccess.types().toShared(SecretValue.of("dropped"))));
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
    SecretValue held = eraser.lookAfter(EngineAccess.types().toShared(SecretValue.of("held")));
    for (int i = 0; i < 3; i++) {
      collect();
      eraser.sweep();
    }
    assertThat(held.asString()).isEqualTo("held");
  }

  private byte[] bytesOfADisplacedValue() {
    SecretValue value =
        eraser.lookAfter(EngineAccess.types().toShared(SecretValue.of("displaced")));
    eraser.held(value);
    assertThat(EngineAccess.types().watch(value))
        .as("nothing is kept for a value that an entry holds")
        .isNull();
    return EngineAccess.types().sharedBytes(eraser.lookAfter(value));
  }

  @Test
  void aValueThatWasHeldIsOverwrittenOnceItIsDisplacedAndDropped() throws InterruptedException {
    isOverwritten(bytesOfADisplacedValue());
  }

  @Test
  void aValueThatAnEntryHoldsIsTheEntrysToOverwrite() {
    SecretValue value = eraser.lookAfter(EngineAccess.types().toShared(SecretValue.of("held")));
    eraser.held(value);
    eraser.close();
    assertThat(value.asString()).isEqualTo("held");
    assertThat(EngineAccess.types().sharedBytes(eraser.lookAfter(value)))
        .as("displaced after the end")
        .containsOnly(0);
  }

  @Test
  void afterTheEndNoneCanBeRead() {
    SecretValue before = eraser.lookAfter(EngineAccess.types().toShared(SecretValue.of("before")));
    eraser.close();
    SecretValue after = eraser.lookAfter(EngineAccess.types().toShared(SecretValue.of("after")));
    for (SecretValue value : new SecretValue[] {before, after}) {
      assertThat(EngineAccess.types().sharedBytes(value)).containsOnly(0);
      assertThatExceptionOfType(SecretException.class)
          .isThrownBy(value::asBytes)
          .matches(e -> e.kind() == SecretException.Kind.CLOSED);
    }
  }
}
