package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;

/**
 * Finds out what an {@code InvalidRequestException} means. It stands for every state that does not
 * allow a call, and only its text tells them apart; so the secret is asked instead. Stateless.
 */
final class AwsStates {
  private AwsStates() {}

  static SecretException explain(AwsCall call, AwsServiceException e) {
    if (call.nameIfAny().isEmpty()) {
      return AwsErrors.ofAnswer(call, e);
    }
    try {
      DescribeSecretResponse known = call.describe();
      return known.deletedDate() == null
          ? refused(call, e, known.owningService())
          : call.pendingDeletion(known.deletedDate());
    } catch (AwsServiceException unknown) {
      return AwsErrors.is(unknown, AwsErrors.NOT_FOUND) ? beingPurged(call) : guess(call, e);
    } catch (SdkException | AwsLoginFailure unreachable) {
      return guess(call, e);
    } catch (SecretException late) {
      return guess(call, e);
    }
  }

  private static SecretException refused(
      AwsCall call, AwsServiceException e, @Nullable String owner) {
    return owner == null
        ? call.problem(
            Kind.CONFLICT,
            "its state does not allow this (" + AwsErrors.shown(e) + ")",
            "Look at it with describe, then decide")
        : call.problem(
            Kind.CONFLICT,
            AwsErrorText.managed(owner) + " (" + AwsErrors.shown(e) + ")",
            AwsErrorText.CHANGE_THERE);
  }

  /** A purge goes on in the background for a moment, and the name is taken until it is over. */
  private static SecretException beingPurged(AwsCall call) {
    return call.problem(
        Kind.UNAVAILABLE,
        "AWS is still purging a secret of that name",
        "Try again in a few seconds");
  }

  /**
   * Without the right to describe, only the text is left; this method reads it but never shows it.
   */
  private static SecretException guess(AwsCall call, AwsServiceException e) {
    String text = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorMessage();
    return text != null && text.contains("delet")
        ? call.problem(
            Kind.PENDING_DELETION, "it was deleted", "Restore it, or choose another name")
        : AwsErrors.ofAnswer(call, e);
  }
}
