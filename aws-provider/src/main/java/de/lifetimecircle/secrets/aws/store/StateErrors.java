package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.aws.errors.ErrorText;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.ReplicationStatusType;

/**
 * Finds out what an {@code InvalidRequestException} means. It stands for every state that does not
 * allow a call, and only its text tells them apart; so the secret is asked instead. Stateless.
 */
final class StateErrors {
  private StateErrors() {}

  static SecretException explain(Call call, AwsServiceException e) {
    if (call.nameIfAny().isEmpty()) {
      return CallErrors.ofAnswer(call, e);
    }
    try {
      DescribeSecretResponse known = call.describe();
      return known.deletedDate() == null
          ? refused(call, e, known)
          : call.pendingDeletion(known.deletedDate());
    } catch (AwsServiceException unknown) {
      return ErrorCodes.is(unknown, ErrorCodes.NOT_FOUND) ? beingPurged(call) : guess(call, e);
    } catch (SdkException | LoginFailure unreachable) {
      return guess(call, e);
    } catch (SecretException late) {
      return guess(call, e);
    }
  }

  private static SecretException refused(
      Call call, AwsServiceException e, DescribeSecretResponse known) {
    String owner = known.owningService();
    if (owner != null) {
      return conflict(call, e, ErrorText.managed(owner), ErrorText.CHANGE_THERE);
    }
    String primary = known.primaryRegion();
    if (primary != null && !primary.equals(call.config().region())) {
      return conflict(
          call,
          e,
          "it is a replica of the secret in " + primary,
          "Change it there, with aws.region set to " + primary + "; AWS copies it here");
    }
    if (!known.replicationStatus().isEmpty() && isRemoval(call)) {
      String regions =
          known.replicationStatus().stream()
              .map(ReplicationStatusType::region)
              .sorted()
              .collect(Collectors.joining(" "));
      return conflict(
          call,
          e,
          "it has replicas in other regions",
          "Remove them first: aws secretsmanager remove-regions-from-replication --secret-id '"
              + call.name()
              + "' --remove-replica-regions "
              + regions);
    }
    return conflict(
        call, e, "its state does not allow this", "Look at it with describe, then decide");
  }

  private static boolean isRemoval(Call call) {
    return call.action().startsWith("delete") || call.action().startsWith("purge");
  }

  private static SecretException conflict(
      Call call, AwsServiceException e, String reason, String advice) {
    return call.problem(Kind.CONFLICT, reason + " (" + ErrorCodes.shown(e) + ")", advice);
  }

  /** A purge goes on in the background for a moment, and the name is taken until it is over. */
  private static SecretException beingPurged(Call call) {
    return call.problem(
        Kind.UNAVAILABLE,
        "AWS is still purging a secret of that name",
        "Try again in a few seconds");
  }

  /**
   * Without the right to describe, only the text is left; this method reads it but never shows it.
   */
  private static SecretException guess(Call call, AwsServiceException e) {
    String text = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorMessage();
    if (text != null && text.contains("replica")) { // also where it says "can't delete"
      return conflict(
          call,
          e,
          "it is a replica, or has replicas in other regions",
          "Change a replica in the region of its primary; remove replicas before a deletion");
    }
    return text != null && text.contains("delet")
        ? call.problem(
            Kind.PENDING_DELETION, "it was deleted", "Restore it, or choose another name")
        : CallErrors.ofAnswer(call, e);
  }
}
