package de.lifetimecircle.secrets.spi;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StoreFailureTest {
  private static StoreFailure throttled() {
    return StoreFailure.of(Kind.THROTTLED, "too many calls", "Wait").after(Duration.ofSeconds(3));
  }

  @Test
  void becomesTheExceptionOfTheLibrary() {
    SecretException e = throttled().toException("my", "fetch secret", "prod/KEY");

    assertThat(e).hasMessage("Cannot fetch secret 'prod/KEY' (my): too many calls. Wait.");
    assertThat(e.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(e.scheme()).contains("my");
    assertThat(e.name()).contains("prod/KEY");
    assertThat(e.retryAfter()).contains(Duration.ofSeconds(3));
    assertThat(e).hasNoCause();
  }

  @Test
  void namesNoSecretAndNoAdviceWhereThereIsNone() {
    SecretException e =
        StoreFailure.of(Kind.UNAVAILABLE, "nobody answers", null).toException("my", "list", null);

    assertThat(e).hasMessage("Cannot list (my): nobody answers.");
    assertThat(e.name()).isEmpty();
    assertThat(e.retryAfter()).isEmpty();
  }

  @Test
  void keepsTypeAndStackOfTheCauseAndNotItsText() {
    IOException thrown = new IOException("canary-value");
    SecretException e = throttled().causedBy(thrown).toException("my", "fetch secret", "KEY");

    assertThat(e.getCause()).hasMessage("java.io.IOException (its text is left out)").hasNoCause();
    assertThat(Objects.requireNonNull(e.getCause()).getStackTrace())
        .isEqualTo(thrown.getStackTrace());
    assertThat(e).hasStackTraceContaining("IOException");
    assertThat(String.valueOf(e.getCause())).doesNotContain("canary-value");
  }

  @Test
  void eachChangeKeepsTheRest() {
    StoreFailure other = throttled().causedBy(new IOException()).because("a quota is full");

    assertThat(other.reason()).isEqualTo("a quota is full");
    assertThat(other.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(other.advice()).contains("Wait");
    assertThat(other.retryAfter()).contains(Duration.ofSeconds(3));
    assertThat(other.getCause()).isNotNull();
    assertThat(other.after(null).retryAfter()).isEmpty();
    assertThat(throttled().reason()).isEqualTo("too many calls");
  }

  @Test
  void isRetryableAsItsKindOrByTheStoresWord() {
    StoreFailure conflict = StoreFailure.of(Kind.CONFLICT, "it is being deleted", "Wait");

    assertThat(throttled().isRetryable()).isTrue();
    assertThat(conflict.isRetryable()).isFalse();
    assertThat(conflict.asRetryable().isRetryable()).isTrue();
    assertThat(conflict.asRetryable().because("x").isRetryable()).isTrue();
  }

  @Test
  void interruptedSetsTheFlagAgain() {
    assertThat(StoreFailure.interrupted().kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void hasTheFailuresThatEveryStoreHas() {
    assertThat(StoreFailure.closed().kind()).isEqualTo(Kind.CLOSED);

    StoreFailure defect = StoreFailure.unexpected(new IllegalStateException("canary-value"));
    assertThat(defect.kind()).isEqualTo(Kind.INTERNAL);
    assertThat(defect.reason()).isEqualTo("an unexpected IllegalStateException");
    assertThat(String.valueOf(defect.getCause())).doesNotContain("canary-value");
  }

  @Test
  void namesTheClassThatTheJvmCannotLinkAndNoOtherText() {
    StoreFailure missing = StoreFailure.unexpected(new NoClassDefFoundError("com/acme/Client"));
    assertThat(missing.reason()).endsWith("java.lang.NoClassDefFoundError: com/acme/Client");
    assertThat(missing.advice()).hasValueSatisfying(a -> assertThat(a).contains("Add the jar"));
    assertThat(missing.getCause()).hasMessageContaining("com/acme/Client");
    assertThat(StoreFailure.linkage(new NoSuchMethodError("'void com.acme.Client.ask(int)'")))
        .isPresent();

    assertThat(StoreFailure.linkage(new NoClassDefFoundError("{\"password\": \"x\"}"))).isEmpty();
    assertThat(StoreFailure.linkage(new ExceptionInInitializerError("canary-value"))).isEmpty();
    assertThat(StoreFailure.linkage(new IllegalStateException("com/acme/Client"))).isEmpty();
    assertThat(StoreFailure.linkage(new NoClassDefFoundError())).isEmpty();
  }
}
