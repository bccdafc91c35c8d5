package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.errors.ErrorCodes;
import de.lifetimecircle.secrets.aws.errors.ErrorText;
import de.lifetimecircle.secrets.aws.errors.LoginFailure;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.ReplicationStatusType;

/**
 * Finds out what an {@code InvalidRequestException} means. It stands for every state that does not
 * allow a call, and only its text tells them apart; so the secret is asked instead, save for the
 * state that a description does not show: a default key that another account cannot use. Stateless.
 */
final class StateErrors {
  private StateErrors() {}

  static StoreFailure explain(Call call, AwsServiceException e) {
    if (call.nameIfAny().isEmpty()) {
      return CallErrors.ofAnswer(call, e);
    }
    if (ErrorCodes.text(e).contains("different AWS account")) {
      return StoreFailure.of(
          Kind.ACCESS_DENIED,
          "it is encrypted with the default KMS key of its account, which no other account can use ("
              + ErrorCodes.shown(e)
              + ")",
          "Encrypt it there with a KMS key of its own whose policy grants this identity"
              + " kms:Decrypt");
    }
    try {
      DescribeSecretResponse known = call.describe();
      return known.deletedDate() == null
          ? refused(call, e, known)
          : Call.pendingDeletion(known.deletedDate());
    } catch (AwsServiceException unknown) {
      return ErrorCodes.is(unknown, ErrorCodes.NOT_FOUND) ? beingPurged() : guess(call, e);
    } catch (SdkException | LoginFailure | StoreFailure unreachable) {
      return guess(call, e);
    }
  }

  private static StoreFailure refused(
      Call call, AwsServiceException e, DescribeSecretResponse known) {
    String owner = known.owningService();
    if (owner != null) {
      return conflict(e, ErrorText.managed(owner), ErrorText.CHANGE_THERE);
    }
    String primary = known.primaryRegion();
    if (primary != null && !primary.equals(call.config().region())) {
      return conflict(
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
          e,
          "it has replicas in other regions",
          "Remove them first: aws secretsmanager remove-regions-from-replication --secret-id '"
              + call.name()
              + "' --remove-replica-regions "
              + regions);
    }
    return conflict(e, "its state does not allow this", "Look at it with describe, then decide");
  }

  private static boolean isRemoval(Call call) {
    return call.action().startsWith("delete") || call.action().startsWith("purge");
  }

  private static StoreFailure conflict(AwsServiceException e, String reason, String advice) {
    return StoreFailure.of(Kind.CONFLICT, reason + " (" + ErrorCodes.shown(e) + ")", advice);
  }

  /** A purge goes on in the background for a moment, and the name is taken until it is over. */
  private static StoreFailure beingPurged() {
    return StoreFailure.of(
        Kind.UNAVAILABLE,
        "AWS is still purging a secret of that name",
        "Try again in a few seconds");
  }

  /**
   * Without the right to describe, only the text is left; this method reads it but never shows it.
   */
  private static StoreFailure guess(Call call, AwsServiceException e) {
    if (ErrorCodes.text(e).contains("replica")) { // also where it says "can't delete"
      return conflict(
          e,
          "it is a replica, or has replicas in other regions",
          "Change a replica in the region of its primary; remove replicas before a deletion");
    }
    return ErrorCodes.text(e).contains("delet")
        ? StoreFailure.of(
            Kind.PENDING_DELETION, "it was deleted", "Restore it, or choose another name")
        : CallErrors.ofAnswer(call, e);
  }
}
