package de.lifetimecircle.secrets.gpg.openpgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that a call fails with one reason and a message that says what was being done. */
public final class PgpFailures {

  private PgpFailures() {}

  public static PgpFailure assertFails(PgpFailure.Reason reason, ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(PgpFailure.class);
    PgpFailure failure = (PgpFailure) thrown;
    assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
    assertThat(failure).hasMessageStartingWith("Cannot ").hasNoCause();
    return failure;
  }
}
