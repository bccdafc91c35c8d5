package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SecretValueTest {
  private static final String CANARY = "canary-7f3a-päss€";

  @Test
  void copiesBytesInAndOut() {
    byte[] mine = CANARY.getBytes(StandardCharsets.UTF_8);
    SecretValue value = SecretValue.of(mine);
    mine[0] = 0;
    value.asBytes()[1] = 0;
    assertThat(value.asString()).isEqualTo(CANARY);
  }

  @Test
  void keepsItsBytesToItself() {
    SecretValue value = SecretValue.of(CANARY);
    Secret secret =
        EngineAccess.types()
            .fetched("n", value, "1", Instant.EPOCH, Instant.EPOCH, "fake", Secret.Origin.BACKEND);
    assertThat(value + " " + secret + " " + EngineAccess.types().result(secret))
        .contains("redacted")
        .doesNotContain("canary");
    assertThat(value.hashCode()).isEqualTo(SecretValue.of("other").hashCode());
    assertThat(value).isNotInstanceOf(Serializable.class);
    assertThat(secret).isNotInstanceOf(Serializable.class);
  }

  @Test
  void isEqualByItsBytes() {
    assertThat(SecretValue.of(CANARY)).isEqualTo(SecretValue.of(CANARY));
    assertThat(SecretValue.of(CANARY)).isNotEqualTo(SecretValue.of(CANARY + "x"));
  }

  @Test
  void aClosedValueEqualsOnlyItself() {
    SecretValue closed = SecretValue.of("a".repeat(32));
    SecretValue alsoClosed = SecretValue.of("b".repeat(32));
    closed.close();
    alsoClosed.close();
    assertThat(closed).isNotEqualTo(alsoClosed);
    assertThat(alsoClosed).isNotEqualTo(closed);
    assertThat(closed).isNotEqualTo(SecretValue.of(new byte[32]));
    assertThat(SecretValue.of(new byte[32])).isNotEqualTo(closed);
    assertThat(closed.hashCode()).isEqualTo(SecretValue.of("open").hashCode());
    assertThat(new HashSet<>(List.of(closed, alsoClosed))).hasSize(2).contains(closed);
    Secret read =
        EngineAccess.types()
            .fetched("n", closed, "1", Instant.EPOCH, Instant.EPOCH, "fake", Secret.Origin.BACKEND);
    assertThat(read.cached()).as("two answers that share a value").isEqualTo(read);
  }

  @Test
  void closingOverwritesAndReadingThenFails() {
    SecretValue value = SecretValue.of(CANARY);
    value.close();
    value.close();
    assertKind(SecretException.Kind.CLOSED, value::asBytes);
    assertKind(SecretException.Kind.CLOSED, value::asString);
  }

  @Test
  void aReaderCannotCloseWhatOthersShare() {
    SecretValue shared = SecretValue.of(CANARY).toShared();
    shared.close();
    assertThat(shared.asString()).isEqualTo(CANARY);
    shared.overwrite();
    assertKind(SecretException.Kind.CLOSED, shared::asString);
  }

  @Test
  void aReadThatRacesWithClosingGivesAllOrNothing() throws InterruptedException {
    byte[] ones = new byte[4096];
    java.util.Arrays.fill(ones, (byte) 1);
    AtomicInteger torn = new AtomicInteger();
    for (int i = 0; i < 2000; i++) {
      SecretValue value = SecretValue.of(ones);
      Thread reader =
          new Thread(
              () -> {
                try {
                  if (!java.util.Arrays.equals(value.asBytes(), ones)) {
                    torn.incrementAndGet();
                  }
                } catch (SecretException closed) {
                  assertThat(closed.kind()).isEqualTo(SecretException.Kind.CLOSED);
                }
              });
      reader.start();
      value.close();
      reader.join();
    }
    assertThat(torn).hasValue(0);
  }

  @Test
  void refusesTextThatIsNotUtf8WithoutSayingWhere() {
    SecretValue value = SecretValue.of(new byte[] {'o', 'k', (byte) 0xff});
    SecretException e = assertKind(SecretException.Kind.INVALID_VALUE, value::asString);
    assertThat(e).hasNoCause().hasMessageContaining("not UTF-8");
    assertThat(value.asBytes()).hasSize(3);
  }

  @Test
  void readsAFieldOfAnObject() {
    SecretValue value = SecretValue.of("{\"user\":\"app\",\"port\":5432,\"tls\":true,\"x\":null}");
    assertThat(value.json("user")).isEqualTo("app");
    assertThat(value.json("port")).isEqualTo("5432");
    assertThat(value.json("tls")).isEqualTo("true");
    assertKind(SecretException.Kind.INVALID_VALUE, () -> value.json("x"));
    assertKind(SecretException.Kind.INVALID_VALUE, () -> value.json("missing"));
    SecretException e =
        assertKind(
            SecretException.Kind.INVALID_VALUE, () -> SecretValue.of(CANARY + "{").json("user"));
    assertThat(e).hasNoCause().hasMessageNotContaining("canary");
  }

  @Test
  void readsANumberAsItIsWritten() {
    SecretValue value = SecretValue.of("{\"pin\":12e34,\"b\": 0.0000001 ,\"c\":-0,\"d\":1.50}");
    assertThat(value.json("pin")).isEqualTo("12e34");
    assertThat(value.json("b")).isEqualTo("0.0000001");
    assertThat(value.json("c")).isEqualTo("-0");
    assertThat(value.json("d")).isEqualTo("1.50");
    String deep = "[".repeat(63) + "]".repeat(63);
    assertThat(SecretValue.of("{\"a\":" + deep + ",\"b\":7}").json("b")).isEqualTo("7");
  }

  @Test
  void readersOfASharedValueShareOneText() {
    SecretValue shared = SecretValue.of(CANARY).toShared();
    String first = shared.asString();
    assertThat(first).isEqualTo(CANARY);
    assertThat(shared.asString()).isSameAs(first);
    shared.overwrite();
    assertKind(SecretException.Kind.CLOSED, shared::asString);
  }

  @Test
  void aValueOfTheCallersOwnKeepsNoText() {
    SecretValue own = SecretValue.of(CANARY);
    assertThat(own.asString()).isEqualTo(CANARY).isNotSameAs(own.asString());
  }

  @Test
  void aSharedObjectIsParsedOnce() {
    SecretValue shared = SecretValue.of("{\"user\":\"app\",\"nested\":{\"a\":1}}").toShared();
    assertThat(shared.json("user")).isEqualTo("app").isSameAs(shared.json("user"));
    assertKind(SecretException.Kind.INVALID_VALUE, () -> shared.json("nested"));
    shared.overwrite();
    assertKind(SecretException.Kind.CLOSED, () -> shared.json("user"));
  }

  @Test
  void lendsItsBytesReadOnly() {
    SecretValue value = SecretValue.of(CANARY);
    String read =
        value.useBytes(
            borrowed -> {
              assertThat(borrowed.isReadOnly()).isTrue();
              assertThat(borrowed.toString()).doesNotContain("canary");
              return StandardCharsets.UTF_8.decode(borrowed).toString();
            });
    assertThat(read).isEqualTo(CANARY);
    assertThat(value.asString()).isEqualTo(CANARY);
  }

  @Test
  void lendsCharactersAndOverwritesThem() {
    SecretValue value = SecretValue.of(CANARY);
    char[][] kept = new char[1][];
    String read =
        value.useChars(
            borrowed -> {
              kept[0] = borrowed;
              return new String(borrowed);
            });
    assertThat(read).isEqualTo(CANARY);
    assertThat(kept[0]).containsOnly('\0').hasSize(CANARY.length());
    assertKind(
        SecretException.Kind.INVALID_VALUE,
        () -> SecretValue.of(new byte[] {(byte) 0xff}).useChars(String::new));
  }

  @Test
  void overwritesCharactersAlsoWhenTheirUseFails() {
    SecretValue value = SecretValue.of(CANARY);
    char[][] kept = new char[1][];
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                value.useChars(
                    borrowed -> {
                      kept[0] = borrowed;
                      throw new IOException("refused");
                    }));
    assertThat(kept[0]).containsOnly('\0');
  }

  @Test
  void closingWaitsForWhoBorrows() {
    SecretValue value = SecretValue.of(CANARY);
    String read =
        value.useBytes(
            borrowed -> {
              value.useBytes(
                  inner -> {
                    value.close();
                    return null;
                  });
              assertKind(SecretException.Kind.CLOSED, value::asBytes);
              return StandardCharsets.UTF_8.decode(borrowed).toString();
            });
    assertThat(read).as("what was lent before stays whole").isEqualTo(CANARY);
    assertThat(value.sharedBytes()).as("overwritten by the last borrower").containsOnly(0);
    assertKind(SecretException.Kind.CLOSED, () -> value.useBytes(borrowed -> borrowed));
    assertKind(SecretException.Kind.CLOSED, () -> value.useChars(String::new));
  }

  private static SecretException assertKind(SecretException.Kind kind, Runnable action) {
    return assertThatExceptionOfType(SecretException.class)
        .isThrownBy(action::run)
        .matches(e -> e.kind() == kind, "kind " + kind)
        .actual();
  }
}
