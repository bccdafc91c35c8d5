package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.config.Service;
import de.lifetimecircle.secrets.aws.errors.Denial;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.aws.errors.ErrorText;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import de.lifetimecircle.secrets.aws.transport.TransportFailures;
import de.lifetimecircle.secrets.remote.Causes;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Translates every failure of a call into the library's exception, once. Stateless.
 *
 * <p>It passes on no SDK exception as a cause and no text from AWS but the sentence of a denial
 * ({@link Denial}), because a validation error from AWS may quote the rejected value. The cause of
 * a defect has its type and stack only. Messages give the error code and the request id instead,
 * with which AWS Support can find the details.
 */
final class CallErrors {
  private CallErrors() {}

  /** Translates a failure of a call. */
  static SecretException translate(Call call, RuntimeException e) {
    if (e instanceof SecretException already) {
      return already;
    }
    if (e instanceof StoreFailure known) {
      return call.of(known);
    }
    if (Thread.currentThread().isInterrupted()) {
      return call.of(StoreFailure.interrupted());
    }
    if (e instanceof AwsServiceException answer) {
      return call.of(
          ErrorCodes.is(answer, ErrorCodes.BAD_STATE)
              ? StateErrors.explain(call, answer)
              : ofAnswer(call, answer));
    }
    Optional<LoginFailure> login = Causes.find(e, LoginFailure.class);
    return call.of(
        login
            .map(LoginFailure::failure)
            .or(() -> TransportFailures.of(e, call.config().endpoint(), Service.SECRETS_MANAGER))
            .orElseGet(() -> StoreFailure.unexpected(e)));
  }

  /** Translates an error answer, as far as its code allows. */
  static StoreFailure ofAnswer(Call call, AwsServiceException e) {
    Kind kind = ErrorCodes.kind(e);
    String code = ErrorCodes.code(e);
    Denial denial = Denial.of(kind, ErrorCodes.text(e));
    boolean identity = kind == Kind.ACCESS_DENIED || kind == Kind.UNAUTHENTICATED;
    String reason =
        ErrorText.reason(kind, code)
            + " ("
            + ErrorCodes.shown(e)
            + (identity ? "; credentials: " + call.loginWords() : "")
            + ")"
            + denial.quoted();
    return StoreFailure.of(kind, reason, denial.advice().orElse(ErrorText.advice(kind, code)))
        .after(ErrorCodes.retryAfter(e));
  }
}
